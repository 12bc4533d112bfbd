// What makes the tiny peer odd (legal) or wrong, by name; the tables of ../hybrid-peer/{variants,mutants}.ts say which is which.
export const quirks = {
  "is plain": {},
};
