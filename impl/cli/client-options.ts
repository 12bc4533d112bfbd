import { type Command, Option } from "commander";
import { printResult, wantsJson } from "./output.js";
import { seconds } from "./values.js";

/** Servers that have a thin client. */
type Served = "PAMS" | "HOMS" | "OMS" | "IXS" | "UNIS" | "UMS";

/** Adds the server's address, credentials and timeout to a command. */
export function addClientOptions(command: Command, entity: Served): Command {
  return command
    .addOption(
      new Option(`--${entity.toLowerCase()} <url>`, `address of the ${entity}`)
        .env(`MP2P_${entity}`)
        .default("http://127.0.0.1:8080"),
    )
    .addOption(new Option("--bearer <token>", "token for servers that want one").env("MP2P_BEARER"))
    .addOption(new Option("--timeout <seconds>", "how long to wait for an answer").argParser(seconds).default(10));
}

/** What goes into a generated client from those options. */
export function clientSettings(options: Record<string, unknown>, entity: Served) {
  return {
    baseUrl: String(options[entity.toLowerCase()]),
    timeoutMs: Number(options.timeout) * 1000,
    deadlineMs: Number(options.timeout) * 1000,
    ...(typeof options.bearer === "string" ? { auth: { bearer: options.bearer } } : {}),
  };
}

/** A commander action that performs one primitive and prints its result. */
export function primitive<O extends object>(
  perform: (options: O) => Promise<Parameters<typeof printResult>[0]>,
): (options: O, command: Command) => Promise<void> {
  return async (options, command) => printResult(await perform(options), wantsJson(command));
}
