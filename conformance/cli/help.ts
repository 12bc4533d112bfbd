export const help = `mp2p conformance: judges an implementation of a managed or hybrid P2P protocol over the wire, without reading its code.

  mp2p conformance pams --url http://127.0.0.1:8080               a PAMS of X.609.1
  mp2p conformance homs --url https://homs.example:8443           a HOMS of Q.4103
  mp2p conformance ldmp-source-peer --url udp://127.0.0.1:6098    a source peer of X.609.8 (udp:// or tcp://)
  mp2p conformance ldmp-data-source --exec "./sensor {url}"       a data source, started once per case with the address to connect to
  mp2p conformance ldmp-data-source --listen udp://0.0.0.0:6098   a data source that connects by itself

  mp2p conformance pamp-peer --exec "./peer {url}"                a peer of X.609.1 towards its PAMS
  mp2p conformance pamp-oms --adapter "python3 adapter.py"        an OMS of X.609.1 towards its PAMS, driven by a JSON-lines adapter

  mp2p conformance pics ENTITY [--out FILE]                       a commented template of what can be declared, to fill in
  mp2p conformance review ENTITY --pics FILE                      a declaration against the rules, without a product
  mp2p conformance list [ENTITY]                                  the cases, with the statements they judge
  mp2p conformance judge BUNDLE                                   a recorded run, judged again with the product switched off
  mp2p conformance replay FILE#CASE                               one case of a bundle or a JSON report, once more against the product
  mp2p conformance coverage [--json] [ENTITY]                     every statement with its cases, or why it has none

How a product is reached
  --url ADDRESS     a server: the suite calls it
  --listen ADDRESS  a client that acts by itself: the suite waits for it there, and cases take turns with it
  --exec COMMAND    a client that is started once per case; {url} is the suite's address, MP2P_… variables say what the case wishes
  --adapter COMMAND a client that is driven by a program of yours with one JSON object per line (conformance/client/ADAPTER.md)
  --wait            say what each case is about to do, and wait for Enter before it does: for a debugger

Options of a run
  --pics FILE       what the product claims and how to drive it (YAML or JSON); everything has a default
  --only WHAT       a case or the beginning of its id, a clause, a requirement, a pattern with *; may be given again
  --list            print the cases that would run, and stop
  --seed TEXT       repeat the random choices of an earlier run
  --timeout MS      longest wait for one answer (default 3000)
  --json FILE       write the report as JSON (- for standard output)
  --junit FILE      write it as JUnit XML
  --html FILE       write it as one self-contained HTML file
  --bundle FILE     write the whole run down, every octet and time of it, to be judged again without the product (gzip with .gz)
  --pcap FILE       write what went over the network as a capture for Wireshark, with cases, clauses and verdicts as comments
  --quiet           print failures and the summary only

Verdicts: pass, inconclusive (a precondition is missing: nothing can be said), fail, error (the suite's own fault), n/a (not declared).
A broken recommendation is a failure of its own grade and does not make a product non-conforming.

Exit codes: 0 conforms, 1 fails, 2 usage, 3 inconclusive or incomplete, 5 error of the suite.

Examples
  Only clause 6.2.1, once more with the same random names:
    mp2p conformance homs --url http://127.0.0.1:8081 --only 6.2.1 --seed 1f2e3d4c
  In a pipeline:
    mp2p conformance pams --url "$PAMS" --pics pams.yaml --junit pams.xml --html pams.html
  A declaration (pams.yaml):
    product: Acme PAMS 2.1
    values:
      headers: ["authorization: Bearer \${from your secret store}"]
`;

/** What `mp2p conformance COMMAND --help` prints; a command without an entry prints the help of all. */
export const helpOf: { readonly [command: string]: string } = {
  judge: `mp2p conformance judge BUNDLE [--json FILE] [--junit FILE] [--html FILE] [--pcap FILE] [--baseline FILE] [--quiet]

Judges the run in a bundle (--bundle FILE of a run) again, with this version of the suite and without the product: prints the same report,
and says whether every verdict is the one recorded, or what differs. The exit code is that of the run; a damaged bundle is a usage error.
`,
  replay: `mp2p conformance replay FILE#CASE [--url … | --listen … | --exec … | --adapter …] [--pics FILE] [options of a run]

Runs one case of an earlier run again, against the live product: FILE is its bundle or its JSON report, and address, declaration, seed and
timeout are those of that run unless given here. Credentials are in neither: --pics FILE where the declaration is no longer at its place.
  mp2p conformance replay run.bundle.gz#homs/creation/title --url http://127.0.0.1:8081
`,
  pics: `mp2p conformance pics ENTITY [--out FILE] [--json]

Prints a declaration (PICS and PIXIT) to fill in: every option with its status, every open reading of the Recommendation with its letters,
every identifier, timer, credential and stimulus, each with its default. All of it is commented out: as it is, it declares nothing.
--json prints the same for programs: a declaration that declares nothing, with all items described in $items.
`,
  review: `mp2p conformance review ENTITY --pics FILE [--json]

Static conformance review (X.290): reads a declaration and says what the Recommendation or plain sense has against it, without a product.
Every run does it first. Exit codes: 0 nothing that breaks conformance, 1 a required statement is broken, 2 the file makes no sense.
`,
  list: `mp2p conformance list [ENTITY …] [--json]

Prints every case with the clauses that it judges. --json adds groups, requirements and errata, for programs.
`,
  coverage: `mp2p conformance coverage [ENTITY …] [--only CLAUSE|REQUIREMENT] [--json | --markdown] [--quiet]

Prints every normative statement with the cases that judge it, or the reason why none does, a table of figures by document, product and
level, and the required statements that no case judges. --quiet leaves the statements out. --json is for programs, --markdown for documents.
`,
};
