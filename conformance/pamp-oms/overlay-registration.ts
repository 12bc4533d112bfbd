import { defineCase } from "./case.js";

export const overlayRegistrationCases = [
  defineCase({
    id: "pamp-oms/overlay-registration/request",
    title: "an OMS registers a new overlay network at its PAMS, with its identifier",
    requirements: [
      "PAMP-9.2.1-01",
      "PAMP-9.2.1-02",
      "PAMP-9.2.1-03",
      "PAMP-9.1.2-01",
      "PAMP-9.1.2-02",
      "PAMP-REQ-GEN-01",
      "PAMP-REQ-OREG-01",
      "PAMP-8.1.2.1-01",
      "PAMP-8.2.1-01",
    ],
    errata: ["E-PAMP-02", "E-PAMP-21", "E-PAMP-45", "E-PAMP-49", "E-PAMP-56"],
    group: "basic",
    async run(t) {
      const { registration } = await t.create();
      const { entry } = registration;
      t.passed({
        requirement: ["PAMP-9.2.1-01", "PAMP-9.2.1-02", "PAMP-REQ-GEN-01", "PAMP-8.1.2.1-01", "PAMP-8.2.1-01"],
        what: "the registration of an overlay network",
      });
      const overlay = registration.get("overlay_network_information.overlay_network_id");
      t.that(
        typeof overlay === "string" && overlay !== "",
        "overlay_network_information with an overlay_network_id, a non-empty string",
        registration.text,
        {
          requirement: ["PAMP-9.2.1-03", "PAMP-9.1.2-01", "PAMP-9.1.2-02", "PAMP-REQ-OREG-01"],
          what: "the body of the registration",
          entry,
        },
      );
    },
  }),
];
