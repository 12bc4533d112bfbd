export {
  type Configuration,
  effectiveConfiguration,
  mergeConfigurations,
  optionsOf,
  readAssignment,
  readConfiguration,
  readConfigurationFile,
} from "./configuration.js";
