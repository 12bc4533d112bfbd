/** An OMS over a SQLite file, as a process that a test can kill: `oms-process.ts FILE`; prints its address when it listens. */
import { openSqliteStore } from "../../store/sqlite-store.js";
import { startOmsServer } from "../server.js";

const store = openSqliteStore(process.argv[2] ?? "");
const { url } = await startOmsServer({ store });
process.stdout.write(`${url}\n`);
