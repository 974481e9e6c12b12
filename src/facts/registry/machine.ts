import { bool, defineFacts, num, oneOf, text } from '../define';

/** This computer. The disk figure belongs to an install and is measured by the same check. */
export const machineFacts = [
  ...defineFacts('machine', 'machine', {
    os: [oneOf(['windows', 'linux', 'macos', 'other']), { en: 'Operating system', zh: '操作系统' }],
    wsl: [bool(), { en: 'Runs inside Windows (WSL)', zh: '在 WSL 中运行' }],
    container: [bool(), { en: 'Runs inside a container', zh: '在容器中运行' }],
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
