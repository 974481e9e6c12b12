import { bool, defineFacts, num, oneOf, text } from '../define';

/** This computer. The disk figure belongs to an install and is measured by the same check. */
export const machineFacts = [
  ...defineFacts('machine', 'machine', {
    os: [oneOf(['windows', 'linux', 'macos', 'other']), { en: 'Operating system', zh: '操作系统' }],
    wsl: [bool(), { en: 'Runs inside Windows (WSL)', zh: '在 WSL 中运行' }],
    container: [bool(), { en: 'Runs inside a container', zh: '在容器中运行' }],
    gpuDevice: [
      bool(),
      {
        en: 'A graphics card can be reached by programs',
        zh: '程序可访问显卡设备',
        about: {
          en: 'Linux: a device of the driver is there (/dev/nvidia0, /dev/kfd, or /dev/dxg in WSL). A container started without a card has none.',
          zh: 'Linux：存在驱动设备（/dev/nvidia0、/dev/kfd，WSL 中为 /dev/dxg）。未分配显卡的容器中没有。',
        },
      },
    ],
    ramTotal: [num('bytes'), { en: 'Main memory', zh: '内存总量' }],
    ramFree: [num('bytes'), { en: 'Free main memory', zh: '可用内存' }],
    swapTotal: [num('bytes'), { en: 'Page file or swap', zh: '虚拟内存（页面文件）总量' }],
  }),
  ...defineFacts('machine', 'gpu', {
    nvidiaSmi: [oneOf(['ok', 'missing', 'failed', 'timed-out']), { en: 'nvidia-smi answers', zh: 'nvidia-smi 是否可用' }],
    nvidiaSmiError: [text(), { en: 'What nvidia-smi said instead', zh: 'nvidia-smi 的错误信息' }],
    gpuCount: [num(), { en: 'Graphics cards found', zh: '显卡数量' }],
  }),
  ...defineFacts('install', 'machine', {
    diskFree: [num('bytes'), { en: 'Free disk space at the install', zh: '安装所在磁盘的剩余空间' }],
  }),
];
