import type { CompiledSignatures } from '../formats/log/signature';
import { cacheCheck } from './cache/check';
import type { Check } from './check';
import { gpuCheck } from './gpu/check';
import { imagesCheck } from './images/check';
import { installCheck } from './install/check';
import { silentLiveCheck } from './live/silent';
import { createLogsCheck } from './logs/check';
import { loraCheck } from './lora/check';
import { smallLoraCheck } from './lora/small-check';
import { weightsCheck } from './lora/weights-check';
import { machineCheck } from './machine/check';
import { promptsCheck } from './prompts/check';

/** Every check there is. A new one adds its line here. */
export function allChecks(signatures: CompiledSignatures): readonly Check[] {
  return [
    installCheck,
    createLogsCheck(signatures),
    loraCheck,
    imagesCheck,
    promptsCheck,
    weightsCheck,
    cacheCheck,
    gpuCheck,
    machineCheck,
    silentLiveCheck,
  ];
}

/** What can be said in a blink, before everything else is looked at. */
export const firstChecks: readonly Check[] = [installCheck, smallLoraCheck];
