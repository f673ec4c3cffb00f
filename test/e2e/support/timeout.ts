/** A stack takes a minute to come up; every wait inside has a bound and a message of its own. */
jest.setTimeout(15 * 60_000);
