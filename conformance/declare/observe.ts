import type { ErratumId } from "../../generated/catalogue/errata.js";
import { errata } from "../../generated/catalogue/errata.js";
import { defineCase } from "../engine/case.js";
import { clauseOf } from "../engine/catalogue.js";
import type { Declaration } from "../engine/declaration.js";
import type { EntityUnderTest, RunContext } from "../engine/entity.js";
import { execute } from "../engine/execute.js";
import { inLanes } from "../engine/lanes.js";
import type { Finding } from "./finding.js";
import type { Observation, Probe } from "./probe.js";
import { nameOf } from "./rule.js";

type Observed = Map<Probe, Observation>;

/** Before the cases: learns the readings that the suite has to talk in, and takes them where nothing is declared. */
export async function adoptReadings(entity: EntityUnderTest, run: RunContext): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const probe of (entity.probes ?? []).filter((one) => isAdopted(one, run))) {
    // One after the other: the next may have to talk as this one found out.
    const observed = await observe(entity, run, [probe]);
    found.push(...findings(observed, run.declared));
    for (const { shows } of observed.values()) run.declared.adopt(nameOf(probe.item), String(shows));
  }
  return found;
}

/** After the cases: what the product has, against what is declared of it. */
export async function compareWithWire(entity: EntityUnderTest, run: RunContext): Promise<Finding[]> {
  const probes = (entity.probes ?? []).filter((one) => !isAdopted(one, run));
  const found = findings(await observe(entity, run, probes), run.declared);
  const grave = found.filter(({ breaks }) => breaks).map(({ item }) => item);
  if (grave.length === 0) return found;
  // Seen twice, what counts against a product is no accident of the network or of this machine.
  const doubted = probes.filter(({ item }) => grave.includes(item));
  const again = findings(await observe(entity, run, doubted, ".again"), run.declared).filter(({ breaks }) => breaks);
  return found.filter(({ item, breaks }) => !breaks || again.some((one) => one.item === item));
}

function isAdopted({ item, adopt }: Probe, { declared }: RunContext): boolean {
  return adopt === true && !declared.explicit("readings", nameOf(item));
}

/** Probes run as cases do, with their instruments and their names, but nothing they come to is a verdict. */
async function observe(
  entity: EntityUnderTest,
  run: RunContext,
  probes: readonly Probe[],
  suffix = "",
): Promise<Observed> {
  const observed: Observed = new Map();
  await inLanes(Math.min(8, entity.parallel(run)), probes, async (probe) => {
    const definition = defineCase({
      id: `${entity.id}/probe/${nameOf(probe.item).toLowerCase()}${suffix}`,
      title: `what the product shows of ${probe.item}`,
      requirements: [probe.requirement],
      group: "capability",
      run: async (t) => {
        const observation = await probe.observe(t);
        if (observation) observed.set(probe, observation);
      },
    });
    await execute(entity, definition, run);
  });
  return new Map(probes.flatMap((probe) => (observed.has(probe) ? [[probe, observed.get(probe) as Observation]] : [])));
}

function findings(observed: Observed, declared: Declaration): Finding[] {
  return [...observed].flatMap(([probe, observation]) => {
    const found = probe.item.startsWith("options.")
      ? ofOption(probe, observation, declared)
      : ofReading(probe, observation, declared);
    return found ? [{ item: probe.item, requirement: probe.requirement, ...found }] : [];
  });
}

type Found = Pick<Finding, "kind" | "text" | "clause" | "breaks">;

function ofOption({ item }: Probe, { shows, because }: Observation, declared: Declaration): Found | undefined {
  const name = nameOf(item);
  const { clause = "" } = declared.shape.options[name] ?? {};
  const claimed = declared.option(name);
  if (shows === claimed) return undefined;
  if (shows === true) {
    const said = declared.explicit("options", name) ? "is declared absent" : "is not declared";
    return {
      kind: "undeclared-but-answering",
      text: `${name} ${said}, but the product has it: ${because}; with ${item}: true its cases judge it`,
      clause,
      breaks: false,
    };
  }
  if (declared.explicit("options", name)) {
    return { kind: "declared-but-absent", text: `${name} is declared, but ${because}`, clause, breaks: true };
  }
  return {
    kind: "inferred",
    text: `the product does not have ${name}: ${because}; declare ${item}: false if that is meant`,
    clause,
    breaks: false,
  };
}

function ofReading({ item, requirement }: Probe, observation: Observation, declared: Declaration): Found | undefined {
  const name = nameOf(item) as ErratumId;
  const { shows, excludes = [], because } = observation;
  const clause = errata.find(({ id }) => id === name)?.where ?? clauseOf(requirement);
  const claimed = declared.reading(name as never);
  if (!declared.explicit("readings", name)) {
    return { kind: "inferred", text: `reading ${shows} of ${name}, because ${because}`, clause, breaks: false };
  }
  if (!excludes.includes(claimed)) return undefined;
  const text = `reading ${claimed} of ${name} is declared, but ${because}: that is reading ${shows}`;
  return { kind: "declared-but-absent", text, clause, breaks: true };
}
