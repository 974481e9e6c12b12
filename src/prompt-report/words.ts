import type { Bilingual } from '../facts/define';
import type { Outcome } from '../formats/prompt/outcome';
import type { ResolutionKind } from '../formats/prompt/resolve';
import type { ProblemKind } from '../formats/prompt/tag';

/** What a fault in a tag means, one line each. webui-a1111-family.md §3.1–3.3. */
export const PROBLEM_WORDS: { readonly [kind in ProblemKind]: Bilingual } = {
  'decimal-comma': {
    en: 'the weight has a comma: write a point (0.8)',
    zh: '权重用了逗号，应写小数点（0.8）',
  },
  'empty-weight': {
    en: 'nothing stands after the colon: write a number or leave the colon out',
    zh: '冒号后为空：请写数字或去掉冒号',
  },
  'bad-weight': {
    en: 'the weight is no number',
    zh: '权重不是数字',
  },
  'not-finite': { en: 'the weight is nan or inf: the picture turns black', zh: '权重为 nan 或 inf：画面会变黑' },
  'full-width-colon': {
    en: 'no valid tag: the colon ： is full-width; type : with an English keyboard',
    zh: '不是有效标签：冒号“：”是全角，请用英文输入法输入 :',
  },
  'wrong-brackets': {
    en: 'no tag: it must stand in angle brackets <lora:NAME:0.8>; now it is plain words',
    zh: '不是标签：必须用尖括号 <lora:名称:0.8>；现在只是普通文字',
  },
  'html-escaped': {
    en: 'no tag: &lt; and &gt; are web-page signs for < and >; now it is plain words',
    zh: '不是标签：&lt;、&gt; 是网页转义，应为 <、>；现在只是普通文字',
  },
  'space-in-tag': {
    en: 'a blank in the tag: behind < it stops being a tag, in the name it becomes part of the name',
    zh: '标签内有空格：在 < 之后会使其不再是标签，在名称处会成为名称的一部分',
  },
  'missing-close': { en: 'no tag: the closing > is missing', zh: '不是标签：缺少结尾的 >' },
  'missing-weight': {
    en: 'this program needs a weight: <lora:NAME:0.8>; now it is plain words',
    zh: '该程序要求写权重：<lora:名称:0.8>；现在只是普通文字',
  },
  'missing-name': { en: 'the name is missing', zh: '缺少名称' },
  'missing-keyword': { en: 'the word lora is missing: <lora:NAME:0.8>', zh: '缺少 lora：应为 <lora:名称:0.8>' },
  'equals-in-name': {
    en: 'an = in the name makes it an option, and the next piece becomes the name: rename the file',
    zh: '名称中的 = 会被当作选项，后一段反而成为名称：请给文件改名',
  },
  'unknown-keyword': {
    en: 'the program does not know this kind of tag: it must be exactly lora, in small letters. The tag is cut out, nothing is loaded',
    zh: '程序不认识这种标签：必须是小写的 lora。该标签会被删去，不加载任何文件',
  },
  'extension-in-name': {
    en: 'the name must not have the file ending (.safetensors)',
    zh: '名称不能带扩展名（.safetensors）',
  },
  'path-in-name': { en: 'the name must not have a folder in front', zh: '名称前不能带文件夹' },
  'in-negative-prompt': {
    en: 'in the negative prompt a tag is never read: it has no effect as LoRA and stays there as words. A negative weight in the positive prompt works',
    zh: '反向提示词中的标签不会被读取：不会加载 LoRA，只作为普通文字。可在正向提示词中使用负权重',
  },
  'hires-without-tags': {
    en: 'the second pass has a prompt of its own without tags: no LoRA works there',
    zh: '高分辨率修复使用了不含标签的独立提示词：该阶段没有 LoRA',
  },
  'tag-in-comfyui-text': {
    en: 'this program reads no tags: it goes to the text encoder as words (in ComfyUI only some custom nodes read tags)',
    zh: '该程序不识别标签：它只会作为文字送入文本编码器（ComfyUI 中仅部分自定义节点会识别标签）',
  },
  repeated: {
    en: 'named twice: A1111 applies it twice with the last weight, its forks add different weights up',
    zh: '重复书写：A1111 会用最后的权重应用两次，其分支会把不同权重相加',
  },
};

export const OUTCOME_WORDS: { readonly [outcome in Outcome]: Bilingual } = {
  loads: { en: 'loads', zh: '加载' },
  'loads-if-present': { en: 'would load a LoRA of this name', zh: '会加载该名称的 LoRA（文件是否存在未知）' },
  missing: { en: 'loads nothing', zh: '不会加载' },
  'all-off-bad-tag': {
    en: 'loads nothing: a weight that is no number switches off every LoRA of this prompt',
    zh: '不会加载：有权重不是数字，该提示词的全部 LoRA 失效',
  },
  'all-off-missing': {
    en: 'loads nothing: another LoRA of this prompt is missing, and this program then leaves out all of them',
    zh: '不会加载：该提示词中有另一个 LoRA 缺失，此程序会因此跳过全部 LoRA',
  },
  'no-effect': { en: 'has no effect: the strength is 0', zh: '没有作用：强度为 0' },
  inactive: { en: 'is switched off', zh: '处于关闭状态' },
  unconnected: { en: 'has no effect: its node is not connected to the sampler', zh: '没有作用：其节点未连接到采样器' },
};

export const RESOLUTION_WORDS: { readonly [kind in ResolutionKind]: Bilingual } = {
  found: { en: '', zh: '' },
  missing: { en: 'no file has this name', zh: '没有该名称的文件' },
  'case-differs': { en: 'upper and lower case differ, and they count', zh: '大小写不同，而程序区分大小写' },
  'separator-differs': { en: 'the slash is of another system', zh: '斜杠方向与系统不符' },
  elsewhere: { en: 'the file lies in a folder that is not searched', zh: '文件位于未被搜索的文件夹' },
  hidden: { en: 'the file is there, but the program does not list it', zh: '文件存在，但程序不会列出' },
  ambiguous: { en: 'several files have this name; this one is taken', zh: '有多个同名文件，实际使用此文件' },
  'by-alias': { en: 'found by the name of its training', zh: '通过训练时的名称找到' },
  'shared-alias': {
    en: 'several LoRAs were trained under this name, so it may not be used',
    zh: '多个 LoRA 的训练名相同，因此不能使用该名称',
  },
  shadowed: {
    en: 'another LoRA was trained under this name; the file of this name is taken',
    zh: '另一个 LoRA 的训练名与此相同；实际使用此文件名的文件',
  },
};
