/** A HOMS over a SQLite file, as a process that a test can kill: `homs-process.ts FILE`; prints its address when it listens. */
import { openSqliteStore } from "../../store/sqlite-store.js";
import { startHomsServer } from "../server.js";

const store = openSqliteStore(process.argv[2] ?? "");
const { url } = await startHomsServer({ store });
process.stdout.write(`${url}\n`);
