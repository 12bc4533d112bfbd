import { openSqliteStore } from "../../store/sqlite-store.js";
import { startPamsServer } from "../server.js";

/* A process to be killed: a PAMS on the SQLite file named, which prints its URL. */
const server = await startPamsServer({ store: openSqliteStore(process.argv[2] ?? "") });
process.stdout.write(`${server.url}\n`);
