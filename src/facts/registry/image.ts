import { LOOKS } from '../../formats/picture/look';
import { bool, defineFacts, num, oneOf, text, texts } from '../define';
import { UIS } from '../families';

const PICTURE_FORMATS = ['png', 'jpeg', 'webp', 'gif', 'avif', 'html', 'unknown'] as const;

/** One picture file: what it is, what it looks like, who made it. webui-a1111-family.md §7.3, webui-comfyui-and-others.md A4. */
export const imageFacts = defineFacts('image', 'images', {
  path: [text(), { en: 'Picture file', zh: '图片文件', sensitivity: 'path' }],
  format: [oneOf(PICTURE_FORMATS), { en: 'Format, by content', zh: '实际格式' }],
  width: [num('pixels'), { en: 'Width', zh: '宽度' }],
  height: [num('pixels'), { en: 'Height', zh: '高度' }],
  look: [
    oneOf(LOOKS),
    {
      en: 'What the picture looks like',
      zh: '画面外观',
      about: {
        en: 'black: nothing but zero (a dark photo is normal). flat: one colour. noise: grain without structure, judged from 256 pixels on.',
        zh: 'black：全黑（仅偏暗的照片仍为 normal）。flat：单一颜色。noise：无结构的噪点（边长至少 256 像素才判断）。',
      },
    },
  ],
  mean: [num('ratio'), { en: 'Mean brightness, 0 to 255', zh: '平均亮度（0–255）' }],
  spread: [num('ratio'), { en: 'Spread of brightness (standard deviation)', zh: '亮度标准差' }],
  digest: [text(), { en: 'Fingerprint of the picture data', zh: '图像数据指纹' }],
  generator: [oneOf(UIS), { en: 'Program that made it', zh: '生成程序' }],
  mtime: [num('seconds'), { en: 'Time of the file (Unix)', zh: '文件时间（Unix）' }],
  hasMetadata: [bool(), { en: 'Generation parameters are in the file', zh: '文件中含有生成参数' }],
  index: [num(), { en: 'Place among the pictures, 0 is the newest', zh: '在图片中的次序（0 为最新）' }],
  broken: [bool(), { en: 'The picture is damaged', zh: '图片已损坏' }],
  problems: [texts(), { en: 'Oddities in the file', zh: '文件中的异常' }],
});
