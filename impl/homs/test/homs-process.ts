/**
 * A HOMS over a SQLite file, as a process that a test can kill: `homs-process.ts FILE [PORT]`; prints its address when it listens. The
 * administrator's token is "token".
 */
import { openSqliteStore } from "../../store/sqlite-store.js";
import { startHomsServer } from "../server.js";

const store = openSqliteStore(process.argv[2] ?? "");
const { url } = await startHomsServer({ store, port: Number(process.argv[3] ?? 0), adminToken: "token" });
process.stdout.write(`${url}\n`);
