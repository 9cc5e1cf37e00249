/** Images, what is made of them, and what is kept beside them. */
export interface ImagesTable {
  id: string;
  principal: string;
  conversation_id: string | null;
  call_id: string | null;
  image_index: number;
  origin: string;
  /** What an upload is for. Masks and markups are never the newest image of their conversation. */
  purpose: string;
  sha256: string;
  byte_size: number;
  width: number;
  height: number;
  format: string;
  thumbhash: string | null;
  prompt: string | null;
  revised_prompt: string | null;
  requested: string | null;
  actual: string | null;
  item_id: string | null;
  /** The upstream response that contained the image. */
  response_id: string | null;
  /** Whether the image model got the prompt word for word; null when unknown. */
  verbatim: boolean | null;
  favorite: boolean;
  /** The image model: as reported, else as requested; null when neither names one. */
  model: string | null;
  /** Set while the image is in the trash, alone or with its conversation, whose `deleted_at` is the same then. */
  deleted_at: string | null;
  /** Null until somebody asks. */
  has_content_credentials: boolean | null;
  created_at: string;
}

export interface PartialImagesTable {
  id: string;
  principal: string;
  call_id: string;
  image_index: number;
  partial_index: number;
  /** The upstream id of the output item that it belongs to. */
  item_id: string | null;
  sha256: string;
  byte_size: number;
  width: number;
  height: number;
  format: string;
  /** Null until it is computed. */
  thumbhash: string | null;
  created_at: string;
}

/** Smaller or converted images that the server made. They can be made again, so a backup does not have them. */
export interface VariantsTable {
  id: string;
  principal: string;
  /** The bytes that it was made from: those of an image or a partial image of the principal. */
  source_sha256: string;
  /** In pixels, as it was made. */
  width: number;
  format: string;
  /** In the store of the variants. */
  sha256: string;
  byte_size: number;
  created_at: string;
  /** Written once an hour while it is in use. */
  used_at: string;
}

export interface ImageTagsTable {
  principal: string;
  image_id: string;
  tag: string;
}

export interface UploadKeysTable {
  principal: string;
  key: string;
  /** SHA-256 of the bytes and the input of the first use. */
  input_hash: string;
  image_id: string;
  created_at: string;
}

/** Source images that were uploaded to the upstream before the requests that refer to them. */
export interface UpstreamFilesTable {
  /** Nobody else's requests name the file, even for the same bytes. */
  principal: string;
  upstream: string;
  /** Which bytes it holds: in which form an image was sent, and the hash of the stored image. */
  content: string;
  file_id: string;
  expires_at: string | null;
  created_at: string;
}

/** What is to be deleted at the upstream, because its rows here were deleted for good. */
export interface UpstreamDeletionsTable {
  principal: string;
  upstream: string;
  /** `RESPONSE` or `FILE`. */
  kind: string;
  upstream_id: string;
  created_at: string;
}

/** How many rows a principal has in a list, without those in the trash. Kept by triggers. */
export interface ListCountsTable {
  principal: string;
  /** `conversations`, `calls` with a status, or `images` with an origin: `images UPLOADED`. */
  list: string;
  count: number;
}
