import { openSqliteStore } from "../../store/sqlite-store.js";
import { startCacheServer } from "../index.js";

/* A process to be killed: a cache server on the SQLite file and the folder named, at the port named, which prints its URL. */
const [file = "", folder = "", port = "0"] = process.argv.slice(2);
const server = await startCacheServer({ store: openSqliteStore(file), folder, port: Number(port) });
process.stdout.write(`${server.url}\n`);
