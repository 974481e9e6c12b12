// Loaded before a measured program (`node --import`): leaves what it used when it ends: peak resident memory in bytes, and the
// processor's time for all of its threads in ms, which other programs on the machine do not stretch as they do the wall clock.
import { writeFileSync } from 'node:fs';

process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const used = { bytes: maxRSS * 1024, ms: Math.round((userCPUTime + systemCPUTime) / 1000) };
  writeFileSync(process.env.LORA_DOCTOR_PEAK, JSON.stringify(used));
});
