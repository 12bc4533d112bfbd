import { parseArgs } from "node:util";
import { blockchain } from "./blockchain/blockchain.js";
import { figures } from "./figures/figures.js";
import { file } from "./file/file.js";
import { iot } from "./iot/iot.js";
import { liveVideo } from "./live-video/live-video.js";
import { multimedia } from "./multimedia/multimedia.js";
import { sensors } from "./sensors/sensors.js";
import { type Finding, produce, type Service } from "./stage/direct.js";
import { serverRoles } from "./stage/servers.js";
import { openStage, type Role, type Wishes } from "./stage/stage.js";
import { trust } from "./trust/trust.js";

/** The application services of Q.4100 [9], and those of X.609.10: `main.js SERVICE [--option NUMBER…]`; `main.js SERVICE ROLE JSON` is one process of it. */
const services: Readonly<Record<string, Service>> = {
  iot,
  blockchain,
  multimedia,
  sensors,
  file,
  "live-video": liveVideo,
  trust,
  figures,
};

const [name = "", second, wishes] = process.argv.slice(2);
const service = services[name];
if (service === undefined || second === "--help" || second === "-h") {
  process.stdout.write(help());
  process.exitCode = ["", "--help", "-h"].includes(name) || service !== undefined ? 0 : 2;
} else if (wishes !== undefined && second !== undefined && !second.startsWith("-")) {
  await play(service, second, JSON.parse(wishes) as Wishes);
} else {
  await perform(service);
}

async function play({ roles }: Service, role: string, wishes: Wishes): Promise<void> {
  const act = roles[role] ?? (serverRoles as Readonly<Record<string, Role>>)[role];
  if (act === undefined) throw new Error(`${name} has no role "${role}"`);
  await act(wishes, openStage());
  // What it might still be told would keep the process alive.
  process.stdin.destroy();
}

async function perform(service: Service): Promise<void> {
  const given = options(service);
  if (typeof given === "string") {
    process.stderr.write(`${given}\n`);
    process.exitCode = 2;
    return;
  }
  const { json, folder, numbers } = given;
  const tell = (line: string): void => void (json || process.stdout.write(`${line}\n`));
  let findings: readonly Finding[];
  try {
    findings = await produce(name, service, numbers, tell, folder);
  } catch (error) {
    process.stderr.write(`${name}: ${(error as Error).message}\n`);
    process.exitCode = 1;
    return;
  }
  for (const { what, holds, seen } of findings) tell(`${holds ? "yes" : "NO "}  ${what} (${seen})`);
  if (json) process.stdout.write(`${JSON.stringify(findings)}\n`);
  process.exitCode = findings.every(({ holds }) => holds) ? 0 : 1;
}

function options(service: Service): { json: boolean; folder?: string; numbers: Wishes } | string {
  try {
    const own = Object.keys(service.options).map((option) => [option, { type: "string" }] as const);
    const { values } = parseArgs({
      args: process.argv.slice(3),
      options: { json: { type: "boolean" }, folder: { type: "string" }, ...Object.fromEntries(own) },
    });
    const numbers = Object.entries(service.options).map(([option, { default: otherwise }]) => {
      const given = (values as Record<string, unknown>)[option];
      const number = given === undefined ? otherwise : Number(given);
      if (!Number.isInteger(number) || number < 1)
        throw new Error(`--${option} takes a whole number from 1, not ${String(given)}`);
      return [option, number] as const;
    });
    const { json = false, folder } = values as { json?: boolean; folder?: string };
    return { json, numbers: Object.fromEntries(numbers), ...(folder === undefined ? {} : { folder }) };
  } catch (error) {
    return `${(error as Error).message}\n\n${help()}`;
  }
}

function help(): string {
  const lines = Object.entries(services).flatMap(([one, { description, options }]) => [
    `${one.padEnd(12)} ${description}`,
    ...Object.entries(options).map(
      ([option, about]) => `  --${option.padEnd(12)} ${about.description} (default ${about.default})`,
    ),
  ]);
  return `The services of Q.4100 [9] (iot, blockchain, multimedia) and of X.609.10 [7] (the others), each entity as a process of its own; exit code 0 when everything checked holds.

${lines.join("\n")}

--folder DIR keeps the files; --json prints what was found as JSON.
`;
}
