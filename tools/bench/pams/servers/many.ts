import { serveRegistered } from "./registered.js";

await serveRegistered(100_000);
