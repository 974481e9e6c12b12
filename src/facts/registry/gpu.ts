import { GPU_GENERATIONS } from '../../formats/nvidia-smi';
import { bool, defineFacts, num, oneOf, text, texts, version } from '../define';

/** Graphics cards. Figures of nvidia-smi, else of amd-smi or rocm-smi and the system, else of a DxDiag report (`source` tells). */
export const gpuFacts = defineFacts('gpu', 'gpu', {
  name: [text(), { en: 'Graphics card', zh: '显卡' }],
  vendor: [oneOf(['nvidia', 'amd', 'intel', 'apple', 'other']), { en: 'Maker', zh: '厂商' }],
  vramTotal: [num('bytes'), { en: 'Video memory', zh: '显存' }],
  vramFree: [num('bytes'), { en: 'Free video memory', zh: '可用显存' }],
  driver: [version(), { en: 'Driver version', zh: '驱动版本' }],
  computeCapability: [version(), { en: 'Compute capability', zh: '计算能力' }],
  generation: [oneOf(GPU_GENERATIONS), { en: 'Generation', zh: '显卡世代' }],
  halfBroken: [
    bool(),
    {
      en: 'Half precision is unreliable on this card',
      zh: '该显卡半精度不可靠',
      about: {
        en: 'GTX 16 series and relatives: programs treat fp16 as broken on them (webui-comfyui-and-others.md A7).',
        zh: 'GTX 16 系列及同类显卡：程序视其 fp16 为不可靠。',
      },
    },
  ],
  cudaMax: [version(), { en: 'Newest CUDA version of the driver', zh: '驱动支持的最高 CUDA 版本' }],
  cudaMajor: [
    num(),
    {
      en: 'Newest major CUDA version the driver can run',
      zh: '驱动可运行的最高 CUDA 主版本',
      about: {
        en: 'Within one major version a driver runs newer minor versions too (12.x from 525, 11.x from 450).',
        zh: '同一主版本内，驱动也能运行更新的次版本（12.x 需 525 起，11.x 需 450 起）。',
      },
    },
  ],
  migParts: [
    texts(),
    {
      en: 'Parts it is divided into (MIG)',
      zh: '划分出的实例（MIG）',
      about: {
        en: 'Profiles of the parts. A program gets one part, so the size of the card says nothing about what fits.',
        zh: '各实例的规格。程序只能使用其中一个实例，因此整卡的大小不能说明能否装下。',
      },
    },
  ],
  target: [
    text(),
    {
      en: 'Chip of an AMD card',
      zh: 'AMD 显卡芯片',
      about: { en: 'As compilers name it: gfx1100.', zh: '编译器使用的名称，如 gfx1100。' },
    },
  ],
  integrated: [bool(), { en: 'Part of the processor', zh: '集成显卡' }],
  source: [oneOf(['nvidia-smi', 'amd-smi', 'rocm-smi', 'system', 'dxdiag']), { en: 'Where this was read', zh: '信息来源' }],
});
