import { openSqliteStore } from "../../store/sqlite-store.js";
import { startUmsServer } from "../server.js";

/* A process to be killed: a UMS on the SQLite file named, whose administrator's token is `admin`. Prints its URL. */
const server = await startUmsServer({ store: openSqliteStore(process.argv[2] ?? ""), adminTokens: ["admin"] });
process.stdout.write(`${server.url}\n`);
