import { openSqliteStore } from "../../store/sqlite-store.js";
import { startUnisServer } from "../server.js";

/* A process to be killed: a UNIS on the SQLite file named, which prints its URL. */
const server = await startUnisServer({ store: openSqliteStore(process.argv[2] ?? ""), settings: { quorum: 1 } });
process.stdout.write(`${server.url}\n`);
