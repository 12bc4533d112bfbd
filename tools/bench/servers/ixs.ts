import { createIxs } from "../../../impl/ixs/index.js";
import { createMemoryStore } from "../../../impl/store/index.js";
import { compare, type Goal, printGoals, printRanking } from "../rounds.js";
import { sampled } from "./sampled.js";

const large = 100_000;
const small = 1_000;
/** Sessions that have one title. */
const shared = 50;

/** What queries of an index of 100,000 files cost against those of one of 1,000: without HTTP and disk. */
export async function benchIxs(rounds: number): Promise<readonly Goal[]> {
  const many = filled(large);
  const few = filled(small);
  const goals: Goal[] = [];
  for (const [kind, title] of kinds) {
    const [name, reference] = [`${kind} among ${large}`, `${kind} among ${small}`];
    const ranking = await compare(
      [
        { name, round: () => many[kind]() },
        { name: reference, round: () => few[kind]() },
      ],
      { rounds, reference },
    );
    printRanking(title, "µs", ranking);
    const measured = (ranking[0]?.median ?? Number.NaN) / 1000;
    goals.push({ what: `ixs: ms for ${name}`, wanted: "< 1", measured, met: measured < 1 });
  }
  printGoals(goals);
  return goals;
}

const kinds = [
  ["session", `One index file by data source and data, Node ${process.versions.node}`],
  ["title", `The ${shared} index files of one title`],
  ["page", "A page of 100 out of all"],
] as const;

function filled(count: number) {
  const { core } = createIxs({ store: createMemoryStore() });
  for (let i = 0; i < count; i++) {
    const change = core.register(
      {
        ...{
          title: `Title ${i % (count / shared)}`,
          oms_url: "http://oms.example",
          overlay_network_id: `overlay-${i}`,
        },
        ...{
          data_source_id: `source-${i >> 2}`,
          data_id: `data-${i}`,
          fragment_size: 65_536,
          description: "Readings.",
        },
      },
      "none",
    );
    if (change.status !== "accepted") throw new Error("not registered");
    core.settle(change);
  }
  const found = (expected: number, length: number) => {
    if (length !== expected) throw new Error(`${length} found, ${expected} expected`);
  };
  let next = 0;
  const any = () => (next = (next + 7919) % count);
  return {
    session: () =>
      sampled(() => {
        const i = any();
        found(1, core.query({ data_source_id: `source-${i >> 2}`, data_id: `data-${i}` }, 100).files.length);
      }),
    title: () =>
      sampled(() => found(shared, core.query({ title: `Title ${any() % (count / shared)}` }, 100).files.length)),
    page: () => sampled(() => found(100, core.query({}, 100, any() % (count - 100)).files.length)),
  };
}
