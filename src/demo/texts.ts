/** Texts of the demo install. The small program files are markers with words of our own; only the log quotes what the program prints. */

export const LORAS = { case: 'paper-fox', other: 'neon-harbour-xl', cut: 'glass-garden' } as const;
export const CHECKPOINT = 'plainpaint-v15';

const NEGATIVE = 'lowres, blurry, watermark';
const SETTINGS = `Steps: 24, Sampler: DPM++ 2M, Schedule type: Karras, CFG scale: 7, Seed: 20240117, Size: 512x512, Model: ${CHECKPOINT}`;

/** Asks for `paper-fox` with capitals that the file does not have. */
export const missingPrompt = `paperfold style, a fox in a forest, <lora:Paper-Fox:0.8>\nNegative prompt: ${NEGATIVE}\n${SETTINGS}, Version: v1.10.1`;

/** An SDXL LoRA on an SD 1.5 checkpoint: A1111 reads it (so it stands in `Lora hashes`) and applies nothing. */
export const crossPrompt = (hash: string): string =>
  `neonharbour, a harbour at night, <lora:${LORAS.other}:0.9>\nNegative prompt: ${NEGATIVE}\n${SETTINGS}, Lora hashes: "${LORAS.other}: ${hash}", Version: v1.10.1`;

export const consoleLog = (root: string, windows: boolean): string =>
  [
    `Python 3.10.13 (main, May  9 2024, 07:34:36) ${windows ? '[MSC v.1932 64 bit (AMD64)]' : '[GCC 12.2.0]'}`,
    'Version: v1.10.1',
    'Commit hash: 82a973c04367123ae98bd9abdf80d9eda9b910e2',
    'Launching Web UI with arguments: --opt-sdp-attention',
    `Loading weights [0d1fbc1a7e] from ${root}/models/Stable-diffusion/${CHECKPOINT}.safetensors`,
    'Running on local URL:  http://127.0.0.1:7860',
    'Startup time: 14.2s (import torch: 6.1s, import gradio: 1.4s, load scripts: 2.0s, create ui: 0.9s, gradio launch: 0.6s).',
    'Applying attention optimization: sdp... done.',
    'Model loaded in 5.8s (load weights from disk: 1.1s, create model: 0.6s, apply weights to model: 3.6s).',
    '100%|##########| 24/24 [00:09<00:00,  2.61it/s]',
    '*** Error completing request',
    '    Traceback (most recent call last):',
    `      File "${root}/modules/call_queue.py", line 74, in f`,
    '        res = list(func(*args, **kwargs))',
    `      File "${root}/modules/txt2img.py", line 109, in txt2img`,
    '        processed = processing.process_images(p)',
    `      File "${root}/modules/processing.py", line 847, in process_images`,
    '        res = process_images_inner(p)',
    '    torch.cuda.OutOfMemoryError: CUDA out of memory. Tried to allocate 4.50 GiB. GPU 0 has a total capacty of 6.00 GiB of which 1.02 GiB is free. Of the allocated memory 3.61 GiB is allocated by PyTorch, and 212.40 MiB is reserved by PyTorch but unallocated.',
    '---',
    '',
  ].join('\n');

/** Files by which the program is recognised, and its settings. */
export const programFiles: { readonly [path: string]: string } = {
  'launch.py': '# Demo of lora-doctor: stands where the real program has its start file.\n',
  'webui.py': '# Demo of lora-doctor: stands for the server.\n',
  'webui.bat': '@echo off\r\nrem Demo of lora-doctor: there is no program here.\r\n',
  'webui.sh': '#!/bin/sh\n# Demo of lora-doctor: there is no program here.\n',
  'webui-user.bat': '@echo off\r\nset PYTHON=\r\nset COMMANDLINE_ARGS=--opt-sdp-attention\r\ncall webui.bat\r\n',
  'webui-user.sh': '#!/bin/bash\nexport COMMANDLINE_ARGS="--opt-sdp-attention"\n',
  'modules/launch_utils.py': '# Demo of lora-doctor: start-up helpers would be here.\n',
  'modules/shared_options.py': '# Demo of lora-doctor: the list of settings would be here.\n',
  'extensions-builtin/Lora/lora_logger.py': '# Demo of lora-doctor: the LoRA extension would be here.\n',
  'extensions-builtin/Lora/networks.py': '# Demo of lora-doctor: the LoRA extension would be here.\n',
  'html/extra-networks-card.html': '<div class="card">demo</div>\n',
  'script.js': '// demo\n',
  'style.css': '/* demo */\n',
  'CHANGELOG.md': '## 1.10.1\n\nDemo of lora-doctor.\n',
  'config.json': `${JSON.stringify({ sd_model_checkpoint: `${CHECKPOINT}.safetensors`, lora_add_hashes_to_infotext: true }, null, 4)}\n`,
};
