import { answering, mutantsOf } from "./mutant.js";

export const homsMutants = mutantsOf("homs", {
  "creation-answer-without-overlay-id": {
    breaks: ["HOMP-6.2.1-20"],
    what: "the answer to a creation lacks overlay-id",
    ...answering("HybridOverlayCreation", 'delete sent.overlay?.["overlay-id"];'),
  },
});
