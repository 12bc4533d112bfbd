import express, { type Express } from "express";
import type { Membership } from "./membership.js";

/** What the other PAMSs may ask, by name; an answer of undefined is 404. */
export type Questions = Readonly<Record<string, (input: Record<string, unknown>) => unknown>>;

/** Octets of a question: a peer list condition with its candidates, or peers handed over. */
const mostOctets = "16mb";

/** `POST /cluster/<name>` for whoever shows the secret of the cluster; everybody else gets 404, as if it were not there. */
export function mountQuestions(app: Express, membership: Membership, questions: Questions): void {
  app.post(
    "/cluster/:name",
    (request, response, next) => {
      if (membership.admits(request.headers.authorization)) next();
      else response.status(404).end();
    },
    express.json({ limit: mostOctets }),
    async (request, response) => {
      const { name } = request.params;
      const question = name !== undefined && Object.hasOwn(questions, name) ? questions[name] : undefined;
      const input: unknown = request.body;
      const answer =
        question !== undefined && typeof input === "object" && input !== null
          ? await question(input as Record<string, unknown>)
          : undefined;
      if (answer === undefined) response.status(404).end();
      else response.json(answer);
    },
  );
}
