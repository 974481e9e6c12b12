import { bool, defineFacts, num, oneOf, text } from '../define';

/** What the WebUI's own disk caches say about a LoRA file (webui-a1111-family.md §5.3). */
export const cacheFacts = defineFacts('lora', 'cache', {
  cacheStale: [
    bool(),
    {
      en: 'The WebUI keeps outdated data about this file',
      zh: 'WebUI 缓存了该文件的过期数据',
      about: {
        en: 'An entry is thrown away only when the file is newer than the entry says; a file replaced by an older one keeps the old hash and metadata.',
        zh: '仅当文件比缓存记录更新时缓存才失效；若替换成更旧的文件，则会继续使用旧的哈希与元数据。',
      },
    },
  ],
  cacheMtime: [num('seconds'), { en: 'File time in the cache', zh: '缓存中的文件时间' }],
  cacheSha256: [text(), { en: 'Hash in the cache', zh: '缓存中的哈希' }],
  cacheReason: [oneOf(['older-file', 'metadata-differs']), { en: 'Why the cached data are outdated', zh: '缓存过期的原因' }],
});
