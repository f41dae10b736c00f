{ A program of the time of the baseline, on its low unit, which is kept next to it: it looks every function up by its name,
  then logs in, asks, and reads. It must never be changed; a newer baseline gets its own. }
program baseline;
{$mode delphi}{$codepage utf8}
uses SysUtils, dynlibs, cruxapi;

var
  Checks: Integer = 0;
  Wrong: Integer = 0;

procedure Check(Fine: Boolean; const What: string);
begin
  Inc(Checks);
  if Fine then Exit;
  Inc(Wrong);
  WriteLn(StdErr, 'program.pas: ', What);
end;

function Ticked(Context: Pointer; Phase: LongInt; Done, Total: Int64): LongInt; cdecl;
begin
  Inc(PInteger(Context)^);
  Result := 0;
end;

var
  Loaded: TLibHandle;
  I, Ticks: Integer;
  Me, Things, Call, Stream: Pointer;
  Length: NativeUInt;
  Got: NativeInt;
  All: Int64;
  Buffer: array[0..4095] of Byte;
begin
  Loaded := LoadLibrary(GetEnvironmentVariable('CRUX_LIBRARY'));
  Check(Loaded <> NilHandle, 'the library is loaded');
  for I := Low(CruxFunctions) to High(CruxFunctions) do
  begin
    CruxFunctions[I].Slot^ := GetProcedureAddress(Loaded, CruxFunctions[I].Name);
    Check(Assigned(CruxFunctions[I].Slot^), CruxFunctions[I].Name);
  end;
  if Wrong > 0 then Halt(1);
  Check(crux_abi() >= CRUX_ABI_OF_HEADER, 'the library is no older than the unit');
  Me := crux_login('custom', PAnsiChar(AnsiString(GetEnvironmentVariable('CRUX_BASE'))),
    PAnsiChar(AnsiString(GetEnvironmentVariable('CRUX_USER'))), PAnsiChar(AnsiString(GetEnvironmentVariable('CRUX_PASSWORD'))));
  Check(crux_code(Me) = CRUX_OK, crux_message(Me));
  Things := crux_request(Me, 'GET', 'things/', nil, 0);
  Check(crux_code(Things) = CRUX_OK, crux_message(Things));
  Check((crux_body(Things, @Length) <> nil) and (Length > 20), 'a body has a length');
  Check(crux_json_int(Things, '/count', -1) = 7, 'the list is read');
  Check(crux_number(Things, 'attempts') = 1, 'one attempt');
  crux_free(Things);
  Ticks := 0;
  Call := crux_call_new(Me, 'GET', 'files/out.bin');
  Check(crux_call_tick(Call, Ticked, @Ticks, nil) = CRUX_OK, 'a call takes a tick');
  Stream := crux_call_stream(Call);
  All := 0;
  repeat
    Got := crux_read(Stream, @Buffer, SizeOf(Buffer));
    if Got > 0 then All := All + Got;
  until Got <= 0;
  Check((Got = 0) and (All = 1048576), 'a stream is read to its end');
  Check(Ticks > 0, 'the tick was called');
  crux_free(Stream);
  crux_free(Call);
  crux_free(Me);
  WriteLn(Checks, ' checks, ', Wrong, ' wrong');
  Halt(Ord(Wrong > 0));
end.
