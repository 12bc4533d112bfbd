/** spec-digest.json: the state of the spec that the output was made from, so that the next run can say what changed. */
import { factsOf } from "../diff/facts.js";
import { contentHash } from "../model/spec-file.js";
import type { SpecEmitter } from "./emitter.js";

export const DIGEST = "spec-digest.json";

export const digestEmitter: SpecEmitter = {
  name: "digest",
  emit(spec, context) {
    const facts = factsOf(spec);
    const source = spec.root.split(/[\\/]/).at(-1) ?? "spec";
    const about = context.banner({ source, hash: contentHash([facts]) });
    // One line per subject keeps the differences of this file readable, too.
    const lines = Object.entries(facts).map(
      ([subject, aspects]) => `${JSON.stringify(subject)}: ${JSON.stringify(aspects)}`,
    );
    return [{ path: DIGEST, content: `{ "about": ${JSON.stringify(about)}, "facts": {\n${lines.join(",\n")}\n} }\n` }];
  },
};
