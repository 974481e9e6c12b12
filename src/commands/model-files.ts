const MODEL = /\.(?:safetensors|sft|ckpt|pt2?|pth|bin|pkl|gguf|corrupted|crdownload|part)$/i;

/** Files of a folder that `inspect` opens; one that is named on the command line is opened whatever its name. */
export const isModelFile = (name: string): boolean => MODEL.test(name);
