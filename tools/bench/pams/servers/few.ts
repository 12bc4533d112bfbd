import { serveRegistered } from "./registered.js";

await serveRegistered(1_000);
