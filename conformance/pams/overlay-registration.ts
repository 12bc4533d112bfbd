import { status } from "../engine/http.js";
import { is } from "../engine/matchers.js";
import type { PamsTest } from "./case.js";
import { defineCase } from "./case.js";

/** An overlay registration [X.609.1 9.2.1.1 Table 1]. */
export function overlayRegistration(t: PamsTest, id = t.unique("overlay")) {
  return { overlay_network_information: { overlay_network_id: id, content_type: "FILE" } };
}

export const overlayRegistrationCases = [
  defineCase({
    id: "pams/overlay-registration/accepted",
    title: "a new overlay is registered: 200 with the PAMS configuration",
    requirements: ["PAMP-9.2.1-04", "PAMP-9.2.1-05"],
    errata: ["E-PAMP-03", "E-PAMP-04"],
    group: "basic",
    async run(t) {
      const id = t.unique("overlay");
      t.cleanup("the overlay", () => t.http.delete(`/pams/${id}/`));
      const reply = await t.http.post("/pams/", { body: overlayRegistration(t, id) });
      t.answers(reply, status(200), {
        requirement: "PAMP-9.2.1-04",
        what: "the status of a new overlay's registration",
      });
      const literal = reply.get("pam_conf_info");
      if (literal === undefined && reply.get("pam_conf") !== undefined)
        t.warn("the configuration is called pam_conf (E-PAMP-03)");
      t.match(literal ?? reply.get("pam_conf") ?? reply.json, is.object, {
        requirement: "PAMP-9.2.1-05",
        what: "the body of the answer, pam_conf_info",
      });
    },
  }),
];
