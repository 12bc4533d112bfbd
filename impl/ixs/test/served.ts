import { openSqliteStore } from "../../store/sqlite-store.js";
import { startIxsServer } from "../server.js";

/* A process to be killed: an IXS on the SQLite file named, which prints its URL. */
const server = await startIxsServer({ store: openSqliteStore(process.argv[2] ?? "") });
process.stdout.write(`${server.url}\n`);
