import { InvalidArgumentError, Option } from "commander";

export type Readings = Record<string, string | number>;

/** `--reading name=value`, to be given once for each reading that is not to be the default. */
export function readingOption(table: Readonly<Record<string, readonly (string | number)[]>>): Option {
  const all = Object.entries(table).map(([name, values]) => `${name}=${values.join("|")}`);
  return new Option("--reading <name=value>", `another reading of a contradiction: ${all.join(", ")}`)
    .default({}, "the first of each")
    .argParser<Readings>((text, before) => {
      const [name = "", value] = text.split("=");
      const chosen = table[name]?.find((one) => String(one) === value);
      if (chosen === undefined) throw new InvalidArgumentError(`one of ${all.join(", ")} is wanted`);
      return { ...before, [name]: chosen };
    });
}
