import { openSqliteStore } from "../sqlite-store.js";

/*
 * A process to be killed: commits rows as fast as it can, several commits under way at a time, and prints the number of
 * each row whose commit has resolved.
 */
const [path = "", from = "0"] = process.argv.slice(2);
const store = openSqliteStore(path);
const table = store.table<{ n: number; padding: string }>("rows");
let next = Number(from);

async function write(): Promise<void> {
  for (;;) {
    const n = next++;
    table.put(`row-${n}`, { n, padding: "x".repeat(n % 700) });
    if (n % 3 === 0) table.delete(`row-${n - 1500}`);
    await store.commit();
    process.stdout.write(`${n}\n`);
  }
}

for (let i = 0; i < 20; i++) void write();
