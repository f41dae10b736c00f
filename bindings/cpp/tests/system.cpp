/* What the cases need of the system: variables of the environment in UTF-8, and SHA-256. */
#include "harness.hpp"

#include <array>

namespace {

std::string hex(const unsigned char *sum)
{
    std::string text;
    for (int i = 0; i < 32; ++i) text += "0123456789abcdef"[sum[i] >> 4], text += "0123456789abcdef"[sum[i] & 15];
    return text;
}

} // namespace

#ifdef _WIN32

#include <windows.h>
#include <bcrypt.h>

std::string variable(const char *name)
{
    const std::wstring wide_name(name, name + std::strlen(name));
    std::array<wchar_t, 4096> wide{};
    std::array<char, 3 * 4096> text{};
    if (GetEnvironmentVariableW(wide_name.c_str(), wide.data(), static_cast<DWORD>(wide.size())) == 0)
        throw std::runtime_error(std::string(name) + " is not set");
    WideCharToMultiByte(CP_UTF8, 0, wide.data(), -1, text.data(), static_cast<int>(text.size()), nullptr, nullptr);
    return text.data();
}

void set_variable(const char *name, const char *value) { SetEnvironmentVariableA(name, value); }

std::string sha256(std::string_view bytes)
{
    unsigned char sum[32] = {};
    BCRYPT_ALG_HANDLE algorithm = nullptr;
    BCRYPT_HASH_HANDLE hash = nullptr;
    BCryptOpenAlgorithmProvider(&algorithm, BCRYPT_SHA256_ALGORITHM, nullptr, 0);
    BCryptCreateHash(algorithm, &hash, nullptr, 0, nullptr, 0, 0);
    BCryptHashData(hash, reinterpret_cast<PUCHAR>(const_cast<char *>(bytes.data())), static_cast<ULONG>(bytes.size()), 0);
    BCryptFinishHash(hash, sum, sizeof sum, 0);
    BCryptDestroyHash(hash);
    BCryptCloseAlgorithmProvider(algorithm, 0);
    return hex(sum);
}

#else

#include <openssl/sha.h>

std::string variable(const char *name)
{
    const char *value = std::getenv(name);
    if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set: run this by test.sh");
    return value;
}

void set_variable(const char *name, const char *value) { value == nullptr ? unsetenv(name) : setenv(name, value, 1); }

std::string sha256(std::string_view bytes)
{
    unsigned char sum[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size(), sum);
    return hex(sum);
}

#endif
