/** A whole program takes under a second, and several on a machine that is busy with other things. */
jest.setTimeout(60_000);
