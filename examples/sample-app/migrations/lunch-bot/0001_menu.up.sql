CREATE TABLE menu_items (
  id          integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  slug        text    NOT NULL UNIQUE,
  name        text    NOT NULL,
  description text    NOT NULL,
  price_cents integer NOT NULL CHECK (price_cents > 0)
);

INSERT INTO menu_items (slug, name, description, price_cents) VALUES
  ('pho',      'Phở bò',           'Beef broth, rice noodles, herbs and lime',         1150),
  ('falafel',  'Falafel plate',    'Chickpea fritters, hummus, pickles and flatbread',  990),
  ('bibimbap', 'Bibimbap',         'Rice, vegetables, egg and gochujang',              1090),
  ('gnocchi',  'Gnocchi al pesto', 'Potato dumplings, basil, pine nuts, parmesan',     1050),
  ('salad',    'Market salad',     'What the market had this morning',                  790),
  ('soup',     'Soup of the day',  'With sourdough bread',                              590);
