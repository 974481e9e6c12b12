import { bool, defineFacts, num, oneOf, records, text, texts } from '../define';

/** What became of asking a running program. */
export const LIVE_STATES = [
  'running', // two answers agree on what it is
  'unsure', // one answer only
  'api-off', // a WebUI whose API is not switched on
  'locked', // it wants a user name and a password
  'other-program', // something else listens there
  'not-running',
  'no-answer', // it took the connection and stayed silent, or answered with nonsense
  'not-loopback', // an address of another machine is never asked
  'certificate', // TLS with a certificate that is not trusted
  'tls', // it speaks TLS: https://
  'no-tls', // it does not: http://
  'busy', // 429, 503
  'failing', // its own error: 500
] as const;
export type LiveState = (typeof LIVE_STATES)[number];

const path = { sensitivity: 'path' } as const;

/** A running program, asked only with `--live`. webui-a1111-family.md §8, webui-comfyui-and-others.md A9. */
export const liveFacts = defineFacts('install', 'live', {
  liveUrl: [text(), { en: 'Address that was asked', zh: '询问的地址' }],
  liveState: [
    oneOf(LIVE_STATES),
    {
      en: 'The running program',
      zh: '正在运行的程序',
      about: {
        en: 'running: two answers agree. unsure: one only. api-off: a WebUI without --api. locked: it asks for a password. other-program: something else listens there.',
        zh: 'running：两个接口的回答一致。unsure：仅有一个回答。api-off：WebUI 未加 --api。locked：需要密码。other-program：该端口是其他程序。',
      },
    },
  ],
  liveVersion: [text(), { en: 'Version that it reports', zh: '程序报告的版本' }],
  liveArgs: [texts(), { en: 'Arguments it was really started with', zh: '实际启动参数', ...path }],
  liveLoras: [texts(), { en: 'LoRAs that it lists', zh: '程序列出的 LoRA' }],
  liveLoraCount: [num(), { en: 'Number of LoRAs that it lists', zh: '程序列出的 LoRA 数量' }],
  liveUnlisted: [texts(), { en: 'LoRAs on the disk that it does not list', zh: '磁盘上有但程序未列出的 LoRA' }],
  liveGone: [texts(), { en: 'LoRAs that it lists and that are not on the disk any more', zh: '程序列出但磁盘上已不存在的 LoRA' }],
  liveOptions: [
    records({ name: 'text', value: 'text' }),
    { en: 'Settings of interest, as they are now', zh: '当前相关设置', ...path },
  ],
  liveVramFree: [num('bytes'), { en: 'Free VRAM', zh: '空闲显存' }],
  liveVramTotal: [num('bytes'), { en: 'VRAM', zh: '显存' }],
  liveOoms: [num(), { en: 'Times it ran out of VRAM since its start', zh: '启动以来显存不足的次数' }],
  liveBusy: [bool(), { en: 'It is making a picture right now', zh: '正在出图' }],
});
