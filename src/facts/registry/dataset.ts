import { bool, defineFacts, num, oneOf, text, texts } from '../define';

const path = { sensitivity: 'path' } as const;

/** The pictures of a training: one `train_data_dir`, or the subsets of one data set file (kohya-training.md §3). */
export const datasetFacts = defineFacts('dataset', 'training', {
  path: [text(), { en: 'Folder', zh: '文件夹', ...path }],
  mode: [oneOf(['folders', 'subsets']), { en: 'How folders are read', zh: '文件夹读取方式' }],
  state: [oneOf(['found', 'missing', 'elsewhere', 'tilde']), { en: 'Folder of the pictures', zh: '图片文件夹' }],
  used: [num(), { en: 'Pictures that are trained', zh: '会被训练的图片数' }],
  repeated: [num(), { en: 'Pictures × repeats', zh: '图片数 × 重复次数' }],
  loose: [num(), { en: 'Pictures directly in the parent folder', zh: '直接放在上级目录的图片数' }],
  unnamed: [texts(), { en: 'Folders with pictures, without a number of repeats', zh: '有图片但没有重复次数的文件夹', ...path }],
  zeroRepeats: [texts(), { en: 'Folders with 0 repeats', zh: '重复次数为 0 的文件夹', ...path }],
  nested: [texts(), { en: 'Folders whose pictures lie one level deeper', zh: '图片在更深一级的文件夹', ...path }],
  missingFolders: [texts(), { en: 'Folders that are not there', zh: '不存在的文件夹', ...path }],
  unreadFormats: [num(), { en: 'Pictures in a format that is not read', zh: '格式不被读取的图片数' }],
  captionExtension: [text(), { en: 'Ending of the captions', zh: '标注文件扩展名' }],
  captioned: [num(), { en: 'Pictures with a caption', zh: '有标注的图片数' }],
  uncaptioned: [num(), { en: 'Pictures without a caption', zh: '没有标注的图片数' }],
  otherCaptions: [texts(), { en: 'Endings of text files that are not read', zh: '未被读取的文本扩展名' }],
  emptyCaptions: [texts(), { en: 'Empty captions', zh: '空的标注', ...path }],
  badEncoding: [texts(), { en: 'Captions that are not UTF-8', zh: '不是 UTF-8 的标注', ...path }],
  marked: [texts(), { en: 'Captions that begin with a byte order mark', zh: '带 BOM 的标注', ...path }],
  notPictures: [texts(), { en: 'Files named like pictures that hold none', zh: '扩展名是图片但内容不是的文件', ...path }],
  cutPictures: [texts(), { en: 'Pictures that are incomplete', zh: '不完整的图片', ...path }],
  narrow: [texts(), { en: 'Pictures smaller than one bucket step', zh: '小于一个分桶步长的图片', ...path }],
  mixedShapes: [bool(), { en: 'Pictures of several shapes', zh: '图片长宽比不一' }],
});
