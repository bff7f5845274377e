-- The companion and what it says: its calls, conversations and memory.
set role cerca_owner;

create type public.memory_kind as enum ('gusto', 'familia', 'salud', 'rutina', 'fecha', 'temor');

create table public.ai_companions (
  id uuid primary key default gen_random_uuid(),
  agent_id varchar(20) not null unique,
  agent_name varchar(50) not null,
  personality_type varchar(30) check (personality_type in (
    'maternal', 'professional', 'friendly', 'energetic', 'calming'
  )),
  voice_id varchar(100),
  specialization varchar(50),
  age_range varchar(30),
  description text,
  backstory text,
  default_arquetipo varchar(30),
  tono_default varchar(30),
  velocidad_habla decimal(2, 1) default 1.0,
  vapi_assistant_id varchar(100),
  vapi_phone_number_id varchar(100),
  elevenlabs_voice_id varchar(100),
  total_calls integer default 0,
  average_satisfaction decimal(3, 2),
  is_active boolean default true,
  is_default boolean default false,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
create index idx_ai_companions_active on public.ai_companions (is_active);
create index idx_ai_companions_specialization on public.ai_companions (specialization);

create table public.behavioral_codes (
  id uuid primary key default gen_random_uuid(),
  agent_id varchar(20) not null,
  agent_name varchar(50),
  code varchar(10) not null,
  name varchar(100) not null,
  category varchar(50) not null check (category in (
    'saludo', 'despedida', 'empatia', 'crisis', 'salud',
    'familia', 'emocional', 'seguimiento', 'recordatorio',
    'celebracion', 'duelo', 'motivacion', 'educacion', 'urgencia',
    'confianza', 'transicion'
  )),
  description text not null,
  trigger_conditions jsonb,
  response_adulto_mayor text,
  response_mujer_joven text,
  response_default text not null,
  variaciones_regionales jsonb,
  frases_mexicanas text[],
  frases_evitar text[],
  tono varchar(30) check (tono in (
    'calido', 'profesional', 'urgente', 'celebratorio',
    'empatico', 'motivador', 'tranquilizador'
  )),
  nivel_formalidad integer check (nivel_formalidad between 1 and 5),
  embeddings_vector extensions.vector(1536),
  ejemplos_uso jsonb,
  is_active boolean default true,
  version integer default 1,
  created_at timestamptz default now(),
  updated_at timestamptz default now(),
  unique (agent_id, code),
  foreign key (agent_id) references public.ai_companions (agent_id) on update cascade
);
create index idx_behavioral_codes_agent on public.behavioral_codes (agent_id);
create index idx_behavioral_codes_category on public.behavioral_codes (category);
create index behavioral_codes_embedding_idx on public.behavioral_codes using hnsw (embeddings_vector extensions.vector_cosine_ops);

create table public.companion_calls (
  id uuid primary key default gen_random_uuid(),
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  registration_id bigint not null references public.registrations (id) on delete cascade,
  vapi_call_id varchar(255),
  telnyx_call_id varchar(255),
  elevenlabs_voice_id varchar(255),
  scheduled_at timestamptz,
  started_at timestamptz,
  ended_at timestamptz,
  duration_seconds integer,
  call_type varchar(30) not null check (call_type in (
    'bienvenida', 'seguimiento_diario', 'post_consulta',
    'recordatorio_medicamento', 'chequeo_salud', 'crisis',
    'cumpleanos', 'callback_solicitado', 'manual'
  )),
  status varchar(30) default 'scheduled' check (status in (
    'scheduled', 'calling', 'in_progress', 'completed',
    'no_answer', 'busy', 'failed', 'cancelled', 'voicemail'
  )),
  attempt_number integer default 1,
  max_attempts integer default 3,
  behavioral_codes_used uuid[],
  topics_discussed text[],
  sentiment_detected varchar(20),
  transcript_url text,
  transcript_text text,
  transcript_summary text,
  health_mentions jsonb,
  medication_mentions jsonb,
  symptoms_reported jsonb,
  mood_assessment varchar(50),
  follow_up_required boolean default false,
  follow_up_reason text,
  urgency_level integer check (urgency_level between 0 and 5),
  next_call_scheduled_at timestamptz,
  next_call_reason text,
  callback_requested boolean default false,
  callback_requested_at timestamptz,
  callback_delay_minutes integer,
  call_quality_score decimal(3, 2),
  audio_quality varchar(20),
  embeddings_stored boolean default false,
  weaviate_id varchar(255),
  notes text,
  reviewed_at timestamptz,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);
create index idx_companion_calls_beneficiary on public.companion_calls (beneficiary_id);
create index idx_companion_calls_registration on public.companion_calls (registration_id);
create index idx_companion_calls_scheduled on public.companion_calls (scheduled_at);
create index idx_companion_calls_status on public.companion_calls (status);
create index idx_companion_calls_followup on public.companion_calls (follow_up_required) where follow_up_required = true;

create table public.alma_conversations (
  id uuid primary key default extensions.uuid_generate_v4(),
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  companion_id uuid not null references public.ai_companions (id),
  call_id uuid references public.companion_calls (id) on delete set null,
  continues_id uuid references public.alma_conversations (id) on delete set null,
  channel varchar(20) not null default 'voz' check (channel in ('voz', 'whatsapp', 'web')),
  messages jsonb not null default '[]',
  summary text,
  mood_before smallint check (mood_before between 1 and 10),
  mood_after smallint check (mood_after between 1 and 10),
  cost numeric,
  embedding extensions.vector(1536),
  started_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint messages_are_a_list check (jsonb_typeof(messages) = 'array')
);
create index alma_conversations_beneficiary_idx on public.alma_conversations (beneficiary_id, started_at desc) include (channel);

create table public.companion_memory (
  id uuid primary key default extensions.uuid_generate_v4(),
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  companion_id uuid not null references public.ai_companions (id),
  source_call_id uuid references public.companion_calls (id) on delete set null,
  kind public.memory_kind not null,
  content text not null,
  importance real not null default 0.5 check (importance between 0 and 1),
  tags text[] not null default '{}',
  embedding extensions.vector(1536),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index companion_memory_beneficiary_idx on public.companion_memory (beneficiary_id, kind);
create index companion_memory_tags_idx on public.companion_memory using gin (tags);

create table public.companion_conversations (
  id bigserial primary key,
  beneficiary_id uuid not null references public.beneficiaries (id) on delete cascade,
  agent_id varchar(20) not null references public.ai_companions (agent_id) on update cascade,
  turn integer not null check (turn > 0),
  speaker varchar(20) not null check (speaker in ('companion', 'beneficiario', 'sistema')),
  content text not null,
  codes varchar(10)[],
  said_at timestamptz not null,
  unique (beneficiary_id, turn)
);

reset role;
