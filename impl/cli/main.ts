#!/usr/bin/env node
import { run } from "./program.js";

// Whoever reads the output has seen enough (`| head`): end as on a signal, without a stack trace, and once.
let unread = false;
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  if (!unread) process.kill(process.pid, "SIGTERM");
  unread = true;
});

process.exitCode = await run(process.argv.slice(2));
