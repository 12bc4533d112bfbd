import type { DeclarationShape } from "../engine/declaration.js";
import { headersValue, profileOption } from "../streaming/declaration.js";

/** What the maker of an OMS can declare of its dealings with servers, with what holds if they do not. */
export const managingOmsDeclaration = {
  options: {
    profile: profileOption("R3, R5, R7 and R8"),
    pams: {
      title: "Makes overlay networks known to a PAMS, and gives peers lists by what the PAMS knows",
      clause: "X.609.10 8.1",
      requirement: "DS-7.1.1-06",
      default: true,
    },
    "repeats-registration": {
      title: "Registers its overlay networks again at each report interval (E-DS-03)",
      clause: "X.609.10 8.1",
      requirement: "DS-8.1-c",
      status: "o",
      default: true,
    },
    unis: {
      title: "Asks a UNIS for network distances",
      clause: "X.609.10 8.3",
      requirement: "DS-8.3-01",
      status: "o",
      default: true,
    },
    ums: {
      title: "Asks a UMS for the rights of users",
      clause: "X.609.10 8.7",
      requirement: "DS-8.7-01",
      status: "o",
      default: true,
    },
    "service-classes": {
      title: "Gives users of different classes different lists",
      clause: "X.609.10 8.5",
      requirement: "DS-8.5-g",
      default: true,
    },
    "cache-servers": {
      title: "Allocates and releases resources of cache servers",
      clause: "X.609.10 8.8",
      requirement: "DS-8.8-a",
      default: true,
    },
  },
  readings: {},
  values: {
    headers: headersValue("Header lines sent with every request on R5 that needs no token of its own"),
    "oms-url": {
      title: "Where the product serves R5, if it prints no line of JSON with it",
      default: "",
      form: { pattern: /^https?:\/\/[^/]/, example: "http://127.0.0.1:8082" },
    },
    "acts-within": {
      title: "Time in which the product starts, and does what it has to, at most",
      default: 5,
      unit: "s",
    },
  },
} as const satisfies DeclarationShape;
