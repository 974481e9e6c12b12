/**
 * Names of the Python client `webuiapi` up to version 0.9.17, the last published one (package source, read 2026-11). A name
 * that is not here does not exist there.
 */
const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((w) => w !== ''));

export const MODULE_NAMES = words(`
  WebUIApi WebUIApiResult Upscaler HiResUpscaler b64_img raw_b64_img ModelKeywordResult ModelKeywordInterface InstructPix2PixInterface
  ControlNetInterface ControlNetUnit RemBGInterface ADetailer AnimateDiff Roop ReActor Sag SegmentAnythingInterface
  SegmentAnythingSamResult SegmentAnythingDilationResult SegmentAnythingGinoResult SegmentAnythingControlNetSegRandomResult
  SegmentAnythingControlNetSegNotRandomResult SegmentAnythingSemanticSegWithCatIdResult TaggerInterface webuiapi`);

export const RESULT_NAMES = words('image images parameters info json');

const PICTURE = `
  denoising_strength prompt styles seed subseed subseed_strength seed_resize_from_h seed_resize_from_w sampler_name scheduler batch_size n_iter
  steps cfg_scale width height restore_faces tiling do_not_save_samples do_not_save_grid negative_prompt eta s_churn s_tmax s_tmin s_noise
  override_settings override_settings_restore_afterwards script_args script_name send_images save_images alwayson_scripts`;
const CLIENT_ONLY = 'controlnet_units adetailer animatediff roop reactor sag sampler_index use_deprecated_controlnet use_async';
const HIRES = `
  enable_hr firstphase_width firstphase_height hr_scale hr_upscaler hr_second_pass_steps hr_resize_x hr_resize_y hr_checkpoint_name
  hr_sampler_name hr_scheduler hr_prompt hr_negative_prompt`;
const FROM_PICTURE = `
  resize_mode image_cfg_scale mask_blur inpainting_fill inpaint_full_res inpaint_full_res_padding inpainting_mask_invert
  initial_noise_multiplier include_init_images`;
const EXTRAS = `
  resize_mode show_extras_results gfpgan_visibility codeformer_visibility codeformer_weight upscaling_resize upscaling_resize_w
  upscaling_resize_h upscaling_crop upscaler_1 upscaler_2 extras_upscaler_2_visibility upscale_first use_async`;

/** Methods of the client with the arguments they take by name; null where we do not check them. */
export const CLIENT_METHODS: ReadonlyMap<string, ReadonlySet<string> | null> = new Map<string, ReadonlySet<string> | null>([
  ['txt2img', words(`${PICTURE} ${HIRES} ${CLIENT_ONLY}`)],
  ['img2img', words(`images mask_image ${PICTURE} ${FROM_PICTURE} ${CLIENT_ONLY}`)],
  ['extra_single_image', words(`image ${EXTRAS}`)],
  ['extra_batch_images', words(`images name_list ${EXTRAS}`)],
  ['png_info', words('image')],
  ['interrogate', words('image model')],
  ['set_auth', words('username password')],
  ['set_options', words('options')],
  ['util_set_model', words('name find_closest')],
  ['util_wait_for_ready', words('check_interval')],
  ['custom_get', words('endpoint baseurl')],
  ['custom_post', words('endpoint payload baseurl use_async')],
  ...[
    ...words(`
    check_extensions check_controlnet check_adetailer post_and_get_api_result async_post list_prompt_gen_models prompt_gen interrupt skip get_options
    get_cmd_flags get_progress get_samplers get_sd_vae get_upscalers get_latent_upscale_modes get_loras get_sd_models get_hypernetworks
    get_face_restorers get_realesrgan_models get_prompt_styles get_artist_categories get_artists refresh_checkpoints get_scripts
    get_embeddings get_memory get_schedulers get_endpoint controlnet_version controlnet_model_list controlnet_module_list
    controlnet_detect util_get_model_names util_get_sampler_names util_get_scheduler_names util_get_current_model`),
  ].map((name): [string, null] => [name, null]),
]);

/** What is set on the client itself. */
export const CLIENT_FIELDS = words(
  'baseurl default_sampler default_scheduler default_steps session has_controlnet has_adetailer',
);

export const CLIENT_ARGUMENTS = words('host port baseurl sampler scheduler steps use_https username password');

/** Fields of the request body of txt2img and img2img in the A1111 family (webui-a1111-family.md §8.2, modules/api/models.py). */
export const BODY_FIELDS = words(`${PICTURE} ${HIRES} ${FROM_PICTURE}
  sampler_index init_images mask mask_blur_x mask_blur_y mask_round latent_mask seed_enable_extras s_min_uncond refiner_checkpoint
  refiner_switch_at disable_extra_networks firstpass_image comments force_task_id infotext ddim_discretize distilled_cfg_scale hr_cfg
  hr_distilled_cfg hr_additional_modules`);
