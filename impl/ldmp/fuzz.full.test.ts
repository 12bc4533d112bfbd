import { test } from "vitest";
import { fuzzDataSource, fuzzRegistered, fuzzSourcePeer, fuzzStream } from "./test/fuzz.js";

test.each([fuzzSourcePeer, fuzzRegistered, fuzzDataSource, fuzzStream])("%o withstands 100,000 inputs", (fuzz) => {
  fuzz(20_191_214, 100_000);
});
