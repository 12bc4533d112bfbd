/**
 * What is reviewed without a run, from the declaration and the product's documents (X.290: static conformance review): the questions that
 * the statements classified as static come down to.
 */
export const reviews = {
  strengths: "Does the conformance statement grade each of its items as required, recommended or optional?",
  topics:
    "Do the documents say something on each of identification, service flows, message formats, fault recovery and security, even if it is that nothing is done?",
  transport:
    "Do the declaration and the documents name the transport, and show the protocol as an application on top of it?",
  tls: "Does the product speak to its servers over TLS, whose certificates does it trust, and can plain access be turned off?",
  networks: "Do the documents tie the product to no kind of network, or say to which?",
  "reference-points": "Do the documents name the reference points that are in use, and which of them are needed?",
  bindings:
    "For each reference point in use that has no protocol of the ITU-T: which protocol is used, and which of its operations answers each required item?",
  "several-pams":
    "Where an overlay network may have several PAMSs: how is the work shared out among them, without an operator?",
  parts: "Do the documents show the functional entities that the figures draw with solid lines, each with its duty?",
  phases: "Do the documents show initiation, distribution and termination of a session, and what starts and ends each?",
  resources: "How does a provider register the resources of cache servers, if at all?",
  reports: "Are reports compared with one another before they are used, and what becomes of those that disagree?",
  composition:
    "How does an application tie core and sub overlays together, without protocol state shared between them?",
} as const satisfies { readonly [id: string]: string };

export type ReviewId = keyof typeof reviews;
