// Loaded before a measured program (`node --import`): leaves its peak resident memory in bytes when it ends.
import { writeFileSync } from 'node:fs';

process.on('exit', () => writeFileSync(process.env.LORA_DOCTOR_PEAK, String(process.resourceUsage().maxRSS * 1024)));
