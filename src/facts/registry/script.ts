import { CLIENTS, SCRIPT_PROBLEMS } from '../../formats/api/problem';
import { bool, defineFacts, oneOf, records, texts } from '../define';

/** A Python script that asks a program for pictures. webui-a1111-family.md §8, webui-comfyui-and-others.md A9. */
export const scriptFacts = defineFacts('prompt', 'prompts', {
  scriptClient: [
    oneOf(CLIENTS),
    {
      en: 'How the script reaches the program',
      zh: '脚本访问程序的方式',
      about: {
        en: 'webuiapi: the Python client of that name. sdapi: its own requests to /sdapi/v1. comfyui: the routes of ComfyUI. none: no request was seen.',
        zh: 'webuiapi：同名 Python 客户端。sdapi：直接请求 /sdapi/v1。comfyui：ComfyUI 的接口。none：未发现请求。',
      },
    },
  ],
  scriptNeedsApi: [bool(), { en: 'The script needs the program to be started with --api', zh: '该脚本要求程序以 --api 启动' }],
  scriptProblems: [
    records({ kind: SCRIPT_PROBLEMS, line: 'number', name: 'text', near: 'text' }),
    { en: 'Calls and names in the script that do not exist or do something else', zh: '脚本中不存在或用法有误的调用与名称' },
  ],
  scriptProblemKinds: [texts(SCRIPT_PROBLEMS), { en: 'Kinds of such mistakes', zh: '此类错误的种类' }],
  scriptUnknown: [
    records({ line: 'number', name: 'text' }),
    { en: 'Names in the script that are not known here', zh: '脚本中无法判断的名称' },
  ],
});
