/** `npm run spec:lint [-- --spec DIR]`: Redocly and the project's own rules over the spec; exit 1 if anything is wrong. */
import { lintCommand } from "./lint/command.js";

process.exitCode = await lintCommand(process.argv.slice(2), console);
