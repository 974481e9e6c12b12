import { cacheFacts } from './cache';
import { checkpointFacts } from './checkpoint';
import { datasetFacts } from './dataset';
import { encoderFacts } from './encoder';
import { gpuFacts } from './gpu';
import { imageFacts } from './image';
import { buildRegistry } from './index';
import { chosenFacts, installFacts } from './install';
import { liveFacts } from './live';
import { logFacts } from './log';
import { loraFacts, loraWeightFacts } from './lora';
import { machineFacts } from './machine';
import { promptFacts } from './prompt';
import { saidFacts } from './said';
import { scriptFacts } from './script';
import { trainingFacts } from './training';
import { useFacts } from './use';
import { vaeFacts } from './vae';

/** Every fact that lora-doctor knows. A new subject kind adds its list here. */
export const registry = buildRegistry([
  cacheFacts,
  checkpointFacts,
  chosenFacts,
  datasetFacts,
  encoderFacts,
  gpuFacts,
  imageFacts,
  installFacts,
  liveFacts,
  logFacts,
  loraFacts,
  loraWeightFacts,
  machineFacts,
  promptFacts,
  saidFacts,
  scriptFacts,
  trainingFacts,
  useFacts,
  vaeFacts,
]);
