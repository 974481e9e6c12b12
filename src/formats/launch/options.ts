import type { Ui } from '../../facts/families';
import type { Arity, OptionTable } from './argparse';

// Option names are the programs' public interface: webui-a1111-family.md §2.2, §6; webui-comfyui-and-others.md A7, B5, C.

const A1_NONE = `--f --update-all-extensions --skip-python-version-check --skip-torch-cuda-test --reinstall-xformers --reinstall-torch
--update-check --test-server --log-startup --skip-prepare-environment --skip-install --dump-sysinfo --do-not-download-clip --no-half
--no-half-vae --no-progressbar-hiding --allow-code --medvram --medvram-sdxl --lowvram --lowram --always-batch-cond-uncond
--unload-gfpgan --upcast-sampling --share --enable-insecure-extension-access --xformers --force-enable-xformers
--xformers-flash-attention --deepdanbooru --opt-split-attention --opt-sub-quad-attention --opt-split-attention-invokeai
--opt-split-attention-v1 --opt-sdp-attention --opt-sdp-no-mem-attention --disable-opt-split-attention --disable-nan-check --use-ipex
--disable-model-loading-ram-optimization --listen --show-negative-prompt --hide-ui-dir-config --freeze-settings --gradio-debug
--opt-channelslast --autolaunch --use-textbox-seed --disable-console-progressbars --enable-console-prompts --disable-safe-unpickle
--api --api-log --nowebui --ui-debug-mode --administrator --disable-tls-verify --no-gradio-queue --gradio-queue --skip-version-check
--no-hashing --no-download-sd-model --add-stop-route --api-server-stop --disable-all-extensions --disable-extra-extensions
--skip-load-model-at-start --unix-filenames-sanitization --no-prompt-history --disable-gpu-warning --no-half-controlnet`;
const A1_ONE = `--config --ckpt --ckpt-dir --vae-dir --vae-path --gfpgan-dir --gfpgan-model --embeddings-dir --textual-inversion-templates-dir
--hypernetwork-dir --localizations-dir --max-batch-count --precision --codeformer-models-path --gfpgan-models-path
--esrgan-models-path --bsrgan-models-path --realesrgan-models-path --dat-models-path --scunet-models-path --swinir-models-path
--ldsr-models-path --clip-models-path --sub-quad-q-chunk-size --sub-quad-kv-chunk-size --sub-quad-chunk-threshold --port
--ui-config-file --ui-settings-file --freeze-settings-in-sections --freeze-specific-settings --gradio-auth --gradio-auth-path
--gradio-img2img-tool --gradio-inpaint-tool --gradio-allowed-path --styles-file --theme --device-id --server-name --tls-keyfile
--tls-certfile --cors-allow-origins --cors-allow-origins-regex --timeout-keep-alive --subpath --data-dir --models-dir --lora-dir
--lyco-dir-backcompat --api-auth --loglevel --ngrok --ngrok-options --ngrok-region --controlnet-dir
--controlnet-annotator-models-path --controlnet-preprocessor-cache-size --controlnet-loglevel`;
const A1_MANY = '--use-cpu';

const FORGE_BACKEND = `--all-in-fp32 --all-in-fp16 --unet-in-bf16 --unet-in-fp16 --unet-in-fp8-e4m3fn --unet-in-fp8-e5m2 --vae-in-fp16
--vae-in-fp32 --vae-in-bf16 --vae-in-cpu --clip-in-fp8-e4m3fn --clip-in-fp8-e5m2 --clip-in-fp16 --clip-in-fp32 --clip-in-cpu
--attention-split --attention-quad --attention-pytorch --force-upcast-attention --disable-attention-upcast --disable-xformers
--always-gpu --always-high-vram --always-normal-vram --always-low-vram --always-no-vram --always-cpu --always-offload-from-vram
--pytorch-deterministic --cuda-malloc --cuda-stream --pin-shared-memory --disable-ipex-hijack`;
const FORGE_ONE = '--gpu-device-id --forge-ref-a1111-home --text-encoder-dir --forge-ref-comfy-home --forge-ref-comfy-yaml';
const REFORGE_NONE = `--fp32-unet --fp64-unet --use-sage-attention --use-sage-attention3 --use-flash-attention --disable-smart-memory
--disable-sage --sage`;

const NEO_NONE = `--force-fp32 --force-fp16 --fp32-vae --bf16-vae --fp16-vae --cpu-vae --fp32-unet --bf16-unet --fp16-unet
--fp8_e4m3fn-unet --fp8_e5m2-unet --fp8_e8m0fnu-unet --fp32-text-enc --fp16-text-enc --bf16-text-enc --fp8_e4m3fn-text-enc
--fp8_e5m2-text-enc --cpu-text-enc --sage --flash --xformers --disable-sage --disable-flash --disable-xformers
--use-pytorch-cross-attention --force-upcast-attention --gpu-only --highvram --normalvram --lowvram --novram --cpu
--disable-smart-memory --cuda-malloc --pin-shared-memory --expandable-segments --fast-fp16 --fast-fp8 --autotune --deterministic --bnb
--nunchaku --uv --onnxruntime-gpu --adv-samplers --skip-python-version-check --skip-torch-cuda-test --reinstall-torch
--reinstall-xformers --skip-prepare-environment --skip-install --listen --share --api --api-log --nowebui --autolaunch
--skip-version-check --no-hashing --no-download-sd-model --disable-all-extensions --disable-extra-extensions
--skip-load-model-at-start --enable-insecure-extension-access --freeze-settings --no-prompt-history --dump-sysinfo --loglevel-debug
--administrator --disable-tls-verify --no-gradio-queue --enable-console-prompts --disable-console-progressbars --lowram
--fast-disk --update-all-extensions --log-startup --hide-ui-dir-config --ui-debug-mode --allow-code --api-server-stop`;
const NEO_ONE = `--ckpt --ckpt-dirs --vae-dirs --text-encoder-dirs --lora-dir --lora-dirs --embeddings-dir --model-ref --data-dir
--forge-ref-a1111-home --forge-ref-comfy-home --forge-ref-comfy-yaml --port --server-name --gpu-device-id --reserve-vram
--ui-config-file --ui-settings-file --gradio-auth --gradio-auth-path --gradio-allowed-path --styles-file --theme --device-id
--tls-keyfile --tls-certfile --cors-allow-origins --cors-allow-origins-regex --timeout-keep-alive --subpath --api-auth --loglevel
--config --max-batch-count --tiled-conv2d --localizations-dir --esrgan-models-path --controlnet-dir --controlnet-loglevel`;

const COMFY_NONE = `--gpu-only --highvram --normalvram --lowvram --novram --cpu --disable-dynamic-vram --enable-dynamic-vram
--disable-async-offload --disable-smart-memory --disable-pinned-memory --fast-disk --high-ram --cache-classic --cache-none
--force-fp32 --force-fp16 --fp32-unet --fp64-unet --bf16-unet --fp16-unet --fp8_e4m3fn-unet --fp8_e5m2-unet --fp8_e8m0fnu-unet
--fp16-vae --fp32-vae --bf16-vae --cpu-vae --fp8_e4m3fn-text-enc --fp8_e5m2-text-enc --fp16-text-enc --bf16-text-enc
--fp32-text-enc --fp16-intermediates --force-upcast-attention --dont-upcast-attention --use-split-cross-attention
--use-quad-cross-attention --use-pytorch-cross-attention --use-sage-attention --use-flash-attention --use-ck-attention
--disable-xformers --cuda-malloc --disable-cuda-malloc --supports-fp8-compute --disable-mmap --mmap-torch-files --disable-metadata
--disable-all-custom-nodes --enable-manager --enable-manager-legacy-ui --disable-manager-ui --disable-api-nodes --log-stdout
--multi-user --auto-launch --disable-auto-launch --windows-standalone-build --dont-print-server --quick-test-for-ci --force-channels-last
--force-non-blocking --deterministic --enable-cors --disable-nvml-pressure --disable-ipex-optimize --enable-compress-response-body
--disable-assets-autoscan --enable-assets --async-offload-default`;
const COMFY_ONE = `--reserve-vram --vram-headroom --cache-lru --cuda-device --default-device --oneapi-device-selector --base-directory
--models-directory --output-directory --input-directory --temp-directory --user-directory --port --tls-keyfile --tls-certfile
--max-upload-size --preview-method --preview-size --front-end-version --front-end-root --hashing-function --default-hashing-function
--database-url --comfy-api-base`;
const COMFY_MAYBE = '--listen --enable-cors-header --directml --async-offload';
const COMFY_MANY = '--extra-model-paths-config --fast --cache-ram --whitelist-custom-nodes --verbose';

const FOOOCUS_NONE = `--always-high-vram --always-normal-vram --always-low-vram --always-no-vram --always-cpu --always-gpu
--always-offload-from-vram --all-in-fp32 --all-in-fp16 --unet-in-bf16 --unet-in-fp16 --unet-in-fp8-e4m3fn --unet-in-fp8-e5m2
--vae-in-fp16 --vae-in-fp32 --vae-in-bf16 --vae-in-cpu --clip-in-fp8-e4m3fn --clip-in-fp8-e5m2 --clip-in-fp16 --clip-in-fp32
--attention-split --attention-quad --attention-pytorch --disable-xformers --disable-attention-upcast --pytorch-deterministic
--in-browser --disable-in-browser --async-cuda-allocation --disable-async-cuda-allocation --disable-server-log --disable-server-info
--multi-user --disable-metadata --share --debug-mode --disable-offload-from-vram --disable-analytics --rebuild-hash-cache
--disable-preset-selection --disable-image-log --enable-auto-describe-image --always-download-new-model --disable-enhance-output-sorting
--enable-describe-uov-image --wildcards-official`;
const FOOOCUS_ONE = `--preset --port --output-path --temp-path --web-upload-size --gpu-device-id --theme --language --cache-path
--external-working-path --preview-option --vram-buffer`;

function table(parts: { none?: string; one?: string; maybe?: string; many?: string }): OptionTable {
  const map = new Map<string, Arity>();
  for (const arity of ['none', 'one', 'maybe', 'many'] as const) {
    for (const name of (parts[arity] ?? '').split(/\s+/)) if (name !== '') map.set(name, arity);
  }
  return map;
}

const A1 = table({ none: A1_NONE, one: A1_ONE, many: A1_MANY });
const FORGE = table({ none: `${A1_NONE} ${FORGE_BACKEND}`, one: `${A1_ONE} ${FORGE_ONE}`, maybe: '--directml', many: A1_MANY });
const REFORGE = table({
  none: `${A1_NONE} ${FORGE_BACKEND} ${REFORGE_NONE}`,
  one: `${A1_ONE} ${FORGE_ONE} --cuda-device --reserve-vram`,
  maybe: '--directml',
  many: A1_MANY,
});
const CLASSIC_GONE =
  /^--(?:medvram.*|lowvram|lowram|precision|opt-.*|models-dir|hypernetwork-dir|lyco-dir-backcompat|.*sub-quad.*)$/;
const CLASSIC: OptionTable = new Map([
  ...[...REFORGE].filter(([name]) => !CLASSIC_GONE.test(name)),
  ['--model-ref', 'one'],
  ['--fast-fp16', 'none'],
  ['--uv', 'none'],
]);
const NEO = table({ none: NEO_NONE, one: NEO_ONE, maybe: '--directml --cuda-stream', many: '' });
const COMFY = table({ none: COMFY_NONE, one: COMFY_ONE, maybe: COMFY_MAYBE, many: COMFY_MANY });
const FOOOCUS = table({ none: FOOOCUS_NONE, one: FOOOCUS_ONE, maybe: '--listen --directml --enable-cors-header', many: '' });

/** SD.Next, kohya and the rest: only the options that facts are made of; the list is open, so nothing is called unknown. */
const OPEN = table({
  none: `--lowvram --medvram --use-directml --use-rocm --use-ipex --use-openvino --use-zluda --use-cuda --safe --debug --xformers
--share --api --listen --autolaunch --no-half --no-half-vae --skip-torch --use-xformers --api-log --docs --headless --inbrowser`,
  one: '--lora-dir --ckpt-dir --vae-dir --embeddings-dir --models-dir --data-dir --config --ckpt --vae --port --server-name --log --device-id',
});

const TABLES: { readonly [ui in Ui]?: OptionTable } = {
  a1111: A1,
  forge: FORGE,
  reforge: REFORGE,
  'forge-classic': CLASSIC,
  'forge-neo': NEO,
  comfyui: COMFY,
  fooocus: FOOOCUS,
};

/** The options a program knows; `closed` tells that an option outside of the table stops it at the start (exit status 2). */
export function optionsOf(ui: Ui): { readonly table: OptionTable; readonly closed: boolean } {
  const found = TABLES[ui];
  return found ? { table: found, closed: true } : { table: OPEN, closed: false };
}
