-- Six functions and the triggers that call them. Made when the data are in, so that none fires on them.
set role cerca_owner;

create function public.update_updated_at_column() returns trigger language plpgsql as $$
begin
  new.updated_at := now();
  return new;
end
$$;

create function public.check_max_beneficiaries() returns trigger language plpgsql set search_path = '' as $$
declare
  others integer;
begin
  -- for beneficiaries and for dependents: the table is the one that the trigger is on
  execute format('select count(*) from %I.%I where registration_id = $1 and id <> $2 and is_active', tg_table_schema, tg_table_name)
    into others using new.registration_id, new.id;
  if new.is_active and others >= 4 then
    raise exception 'la familia % ya tiene % personas activas en %', new.registration_id, others, tg_table_name
      using errcode = 'check_violation', hint = 'Desactive a alguien primero.';
  end if;
  return new;
end
$$;

create function public.create_callback_from_call() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.scheduled_callbacks (call_id, beneficiary_id, requested_at, callback_at, reason)
  values (
    new.id, new.beneficiary_id, coalesce(new.callback_requested_at, now()),
    coalesce(new.callback_requested_at, now()) + make_interval(mins => coalesce(new.callback_delay_minutes, 60)),
    coalesce(new.next_call_reason, 'Pidió que la llamaran de nuevo')
  )
  on conflict (call_id) where status = 'pending' do nothing;
  return null;
end
$$;

create function public.notify_urgency() returns trigger
language plpgsql security definer set search_path = '' as $$
declare
  level integer;
  call uuid;
begin
  if tg_table_name = 'escalations' then
    level := new.level;
    call := new.call_id;
  else
    level := new.urgency_level;
    call := new.id;
    insert into public.urgent_notifications (call_id, beneficiary_id, level, title, message, channels)
    values (call, new.beneficiary_id, level, 'Llamada urgente 🚨', new.follow_up_reason,
            case when level = 5 then '{whatsapp,llamada}' else '{whatsapp}' end::public.notice_channel[]);
  end if;
  perform pg_notify('urgencias', json_build_object('call', call, 'beneficiary', new.beneficiary_id, 'level', level)::text);
  return null;
end
$$;

create function public.auto_update_medical_history() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  insert into public.medical_history (
    beneficiary_id, record_type, titulo, descripcion, fecha_evento, medicamentos, doctor_nombre, institucion, created_by, source
  )
  values (
    new.beneficiary_id, case when new.service_type = 'receta_electronica' then 'receta' else 'consulta' end,
    left(new.diagnosis, 255), new.notes, new.service_date::date, new.prescriptions, new.doctor_name,
    coalesce(new.clinic_name, new.service_provider), 'system', 'service_usage'
  );
  return null;
end
$$;

create function public.notify_wati_call_complete() returns trigger language plpgsql set search_path = '' as $$
begin
  perform pg_notify('llamada_terminada', json_build_object('table', tg_table_name, 'id', new.id, 'status', new.status)::text);
  return null;
end
$$;

do $$
declare
  place text;
begin
  foreach place in array array[
    'registrations', 'user_accounts', 'family_members', 'dependents', 'beneficiaries', 'subscriptions', 'ai_companions',
    'behavioral_codes', 'companion_calls', 'alma_conversations', 'companion_memory', 'scheduled_callbacks',
    'scheduled_voice_calls', 'medical_history', 'service_usage', 'medication_reminders', 'telemedicine_appointments',
    'user_conversation_profiles'
  ] loop
    execute format(
      'create trigger %I before update on public.%I for each row execute function public.update_updated_at_column()',
      place || '_updated_at', place
    );
  end loop;
end
$$;

create trigger beneficiaries_at_most_four before insert or update of registration_id, is_active on public.beneficiaries
  for each row execute function public.check_max_beneficiaries();
create trigger dependents_at_most_four before insert or update of registration_id, is_active on public.dependents
  for each row execute function public.check_max_beneficiaries();

create trigger companion_calls_callback after insert or update of callback_requested on public.companion_calls
  for each row when (new.callback_requested) execute function public.create_callback_from_call();

create trigger companion_calls_urgency after insert or update of urgency_level on public.companion_calls
  for each row when (new.urgency_level >= 4) execute function public.notify_urgency();
create trigger escalations_urgency after insert on public.escalations
  for each row when (new.level >= 4) execute function public.notify_urgency();

create trigger companion_calls_complete after update of status on public.companion_calls
  for each row when (new.status = 'completed' and old.status is distinct from 'completed')
  execute function public.notify_wati_call_complete();
create trigger ai_voice_calls_complete after update of status on public.ai_voice_calls
  for each row when (new.status = 'completed' and old.status is distinct from 'completed')
  execute function public.notify_wati_call_complete();

create trigger service_usage_history after insert or update of status on public.service_usage
  for each row when (new.status = 'completado' and new.diagnosis is not null)
  execute function public.auto_update_medical_history();

reset role;
